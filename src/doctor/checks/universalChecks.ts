/** The way of viem and ensjs: through the UniversalResolver. */
import { sameBytes } from "../../abi/bytes.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { multicall } from "../../ens/resolverFunctions.js";
import { innerResolver } from "../../lookup/answeringResolver.js";
import { hasCode } from "../../lookup/contractView.js";
import { ENS_CHAINS, ENS_UNIVERSAL_RESOLVER } from "../../lookup/universalResolver.js";
import type { Check } from "../check.js";
import { askedResolver, resolverOf } from "../facts/namedResolver.js";
import { readUniversally, type UniversalReading } from "../facts/universalResolver.js";
import { failed, type Finding, notApplicable, passed } from "../line.js";
import { nameOf, type Patient } from "../patient.js";
import { chainIdOf } from "./chainChecks.js";
import { judgeMulticall, severalCalls, singleReadings } from "./functionChecks.js";

/** A check that asks the UniversalResolver for `callOf(patient)`. */
function universalCheck(
  heading: Pick<Check, "id" | "title" | "needs">,
  callOf: (calls: readonly Uint8Array[]) => Uint8Array,
  judge: (patient: Patient, data: Uint8Array, way: string) => Promise<Finding>,
): Check {
  return {
    ...heading,
    async examine(patient) {
      const contract = patient.universalResolver;
      if (contract === null) {
        return notApplicable("none is known for this registry; give one with --universal-resolver");
      }
      if (!(await hasCode(patient, contract))) {
        if (await hasNoneOfEns(patient, contract)) {
          return notApplicable("none is known for this chain; give one with --universal-resolver");
        }
        return failed(
          `there is no contract at ${checksumAddress(contract)}`,
          "Give the chain's UniversalResolver with --universal-resolver.",
        );
      }
      const call = callOf(await severalCalls(patient));
      const reading = await readUniversally(patient, contract, call);
      if (reading.data === null) return refused(reading);
      const another = await anotherResolver(patient, reading);
      if (another !== null) return another;
      const way = reading.batched ? "batched (ENSIP-21)" : "direct (ENSIP-22)";
      return await judge(patient, reading.data, way);
    },
  };
}

/** Whether it is ENS's own that is missing, on a chain where ENS is not. */
async function hasNoneOfEns(patient: Patient, contract: Address): Promise<boolean> {
  const isDefault = sameBytes(contract, ENS_UNIVERSAL_RESOLVER);
  return isDefault && !ENS_CHAINS.includes(await chainIdOf(patient));
}

function refused({ reason, batched }: UniversalReading): Finding {
  return failed(
    `the UniversalResolver${batched ? ", by its batch gateway," : ""} brings no result: ${reason}`,
    "viem and ensjs resolve this way. Compare with the lines above: a gateway must not depend on {sender}.",
  );
}

/** Whatever another resolver says, the gateways of this one have no part in it. */
async function anotherResolver(
  patient: Patient,
  { resolver }: UniversalReading,
): Promise<Finding | null> {
  const ours = await resolverOf(patient);
  if (resolver === null || sameBytes(resolver, askedResolver(ours))) return null;
  const inner = await innerResolver(patient, resolver, resolvableName(patient.givenName));
  const behind =
    inner === undefined
      ? ""
      : inner === null
        ? ", with no resolver behind it"
        : `, which passes calls on to ${checksumAddress(inner)}`;
  return failed(
    `the UniversalResolver has another resolver answer, ${checksumAddress(resolver)}${behind}, and not ${checksumAddress(ours.address)}`,
    `viem, ensjs and ethers see its records. Give ${nameOf(patient)} or its domain the right resolver where the UniversalResolver finds it: in ENSv2, in the ENS app.`,
  );
}

const single = universalCheck(
  {
    id: "universal-single",
    title: "the UniversalResolver",
    needs: ["empty-call", "answer-accepted", "lookup-form", "lookup-sender"],
  },
  ([first]) => first ?? new Uint8Array(),
  async (patient, data, way) => {
    const [expected] = await singleReadings(patient);
    return expected?.kind === "result" && sameBytes(expected.data, data)
      ? passed(`addr(node), ${way}, the same as from the resolver`)
      : failed(
          `addr(node), ${way}, is another than from the resolver`,
          "The gateway answers differently when the UniversalResolver asks: ignore {sender}.",
        );
  },
);

const several = universalCheck(
  {
    id: "universal-multicall",
    title: "a multicall through the UniversalResolver",
    needs: ["universal-single", "multicall"],
  },
  (calls) => multicall.encodeInput([...calls]),
  async (patient, data, way) => {
    const finding = judgeMulticall(data, await singleReadings(patient));
    return { ...finding, seen: `${finding.seen}, ${way}` };
  },
);

export const UNIVERSAL_CHECKS: readonly Check[] = [single, several];
