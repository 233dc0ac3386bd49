/** How a record is answered that does not exist: every function has an encoding of its own. */
import { randomBytes } from "node:crypto";
import { toHex } from "../../abi/hex.js";
import { isZero } from "../../abi/word.js";
import { COIN_TYPE_DEFAULT_EVM } from "../../ens/coinType.js";
import { namehash, type Node } from "../../ens/namehash.js";
import { addr, addrOfCoin, contenthash, text } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import type { Check } from "../check.js";
import { isExtended, resolverOf } from "../facts/namedResolver.js";
import { type Reading, readingText, readThrough } from "../facts/reading.js";
import { failed, type Finding, notApplicable, passed, warning } from "../line.js";
import { nameOf, observation, type Patient } from "../patient.js";

/** Optimism's coin type (ENSIP-11): an EVM chain that few names have an address of their own for. */
const SOME_COIN = COIN_TYPE_DEFAULT_EVM | 10n;

interface AbsentRecord {
  readonly id: string;
  /** As people call it. */
  readonly record: string;
  /** What the absent record looks like, ABI-encoded. */
  readonly expected: string;
  /** On a name that nobody registered, rather than on the patient's own. */
  readonly ofStranger: boolean;
  readonly call: (node: Node) => Uint8Array;
  /** Throws INVALID_CALL_DATA. Null when the record is absent, otherwise its value. */
  readonly decode: (data: Uint8Array) => string | null;
}

const RECORDS: readonly AbsentRecord[] = [
  {
    id: "absent-text",
    record: "text",
    expected: 'abi.encode("")',
    ofStranger: true,
    call: (node) => text.encodeInput(node, "avatar"),
    decode: (data) => text.decodeOutput(data)[0] || null,
  },
  {
    id: "absent-addr",
    record: "addr(node)",
    expected: "a word of zeros",
    ofStranger: true,
    call: (node) => addr.encodeInput(node),
    decode: (data) => hexOf(addr.decodeOutput(data)[0], isZero),
  },
  {
    id: "absent-addr-coin",
    record: "addr(node, coinType)",
    expected: 'abi.encode(bytes "")',
    ofStranger: true,
    call: (node) => addrOfCoin.encodeInput(node, SOME_COIN),
    decode: (data) => hexOf(addrOfCoin.decodeOutput(data)[0]),
  },
  {
    id: "absent-contenthash",
    record: "contenthash",
    expected: 'abi.encode(bytes "")',
    ofStranger: true,
    call: (node) => contenthash.encodeInput(node),
    decode: (data) => hexOf(contenthash.decodeOutput(data)[0]),
  },
  {
    id: "absent-key",
    record: "text under an unused key",
    expected: 'abi.encode("")',
    ofStranger: false,
    call: (node) => text.encodeInput(node, `doctor.${chance()}`),
    decode: (data) => text.decodeOutput(data)[0] || null,
  },
];

function hexOf(bytes: Uint8Array, isAbsent = (value: Uint8Array) => value.length === 0) {
  return isAbsent(bytes) ? null : toHex(bytes);
}

function chance(): string {
  return toHex(randomBytes(8)).slice(2);
}

/** All of them at once. */
const readings = observation(async (patient: Patient): Promise<Map<string, Reading>> => {
  const { registeredName } = await resolverOf(patient);
  const stranger = `doctor-${chance()}.${registeredName}`;
  const extended = await isExtended(patient);
  const read = RECORDS.filter(({ ofStranger }) => extended || !ofStranger).map(
    async ({ id, ofStranger, call }): Promise<[string, Reading]> => {
      const name = ofStranger ? stranger : nameOf(patient);
      return [id, await readThrough(patient, name, call(namehash(name)))];
    },
  );
  return new Map(await Promise.all(read));
});

export const ABSENT_CHECKS: readonly Check[] = RECORDS.map((record) => ({
  id: record.id,
  title: `an absent ${record.record}`,
  needs: ["answer-accepted", "lookup-form"],
  async examine(patient) {
    const reading = (await readings(patient)).get(record.id);
    return reading === undefined
      ? notApplicable("the resolver answers for no names below its own")
      : judgeAbsent(record, reading);
  },
}));

function judgeAbsent(record: AbsentRecord, reading: Reading): Finding {
  const answer = `Answer 200 with a signed ${record.expected}.`;
  switch (reading.kind) {
    case "status":
    case "unanswered":
      return failed(
        `asked for an absent ${record.record}, ${readingText(reading)}`,
        `Clients show an outage, not that there is no record. ${answer}`,
      );
    case "refused":
      return failed(`asked for an absent ${record.record}, ${readingText(reading)}`, answer);
    case "unsupported":
      return reading.reverted
        ? passed(`${record.record} is not supported here, and the resolver says so`)
        : warning(
            "UnsupportedResolverProfile is returned as if it were a record",
            "Let the callback revert with signed error data: typed clients decode it as garbage.",
          );
    case "result":
      return judgeResult(record, reading.data);
  }
}

function judgeResult({ record, expected, decode }: AbsentRecord, data: Uint8Array): Finding {
  const answer = `Answer ${expected}.`;
  if (data.length === 0) {
    return failed(
      `an absent ${record} is answered with a bare 0x`,
      `Clients take no bytes at all for a broken resolver. ${answer}`,
    );
  }
  let value: string | null;
  try {
    value = decode(data);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CALL_DATA")) throw error;
    return failed(
      `an absent ${record} is answered with ${data.length} bytes that do not decode`,
      answer,
    );
  }
  if (value === null) return passed(`an absent ${record} is answered with ${expected}`);
  if (/^0x0{40}$/.test(value)) {
    return failed(
      `an absent ${record} is answered with 20 zero bytes`,
      `Clients take that for an address, and would pay to it (the reference gateway's fault). ${answer}`,
    );
  }
  return passed(`not absent: ${record} has the value ${foreignText(value, 60)}`);
}
