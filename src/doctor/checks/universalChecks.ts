/** The way of viem and ensjs: through the UniversalResolver. */
import { sameBytes } from "../../abi/bytes.js";
import { type Address, checksumAddress, parseAddress } from "../../ens/address.js";
import { multicall } from "../../ens/resolverFunctions.js";
import { hasCode } from "../../lookup/contractView.js";
import type { Check } from "../check.js";
import { readUniversally, type UniversalReading } from "../facts/universalResolver.js";
import { failed, type Finding, notApplicable, passed } from "../line.js";
import { observation, type Patient } from "../patient.js";
import { chainIdOf } from "./chainChecks.js";
import { judgeMulticall, severalCalls, singleReadings } from "./functionChecks.js";

/** ENS' own, the same on every chain that ENS is on (as viem's chain definitions have it). */
const ENS_UNIVERSAL_RESOLVER = parseAddress("0xeeeeeeee14d718c2b47d9923deab1335e144eeee");
const ENS_CHAINS: readonly bigint[] = [1n, 17_000n, 11_155_111n];

const universalResolverOf = observation(async (patient: Patient): Promise<Address | null> => {
  if (patient.universalResolver !== null) return patient.universalResolver;
  return ENS_CHAINS.includes(await chainIdOf(patient)) ? ENS_UNIVERSAL_RESOLVER : null;
});

/** A check that asks the UniversalResolver for `callOf(patient)`. */
function universalCheck(
  heading: Pick<Check, "id" | "title" | "needs">,
  callOf: (calls: readonly Uint8Array[]) => Uint8Array,
  judge: (patient: Patient, data: Uint8Array, way: string) => Promise<Finding>,
): Check {
  return {
    ...heading,
    async examine(patient) {
      const contract = await universalResolverOf(patient);
      if (contract === null) {
        return notApplicable("none is known for this chain; give one with --universal-resolver");
      }
      if (!(await hasCode(patient, contract))) {
        return failed(
          `there is no contract at ${checksumAddress(contract)}`,
          "Give the chain's UniversalResolver with --universal-resolver.",
        );
      }
      const call = callOf(await severalCalls(patient));
      const reading = await readUniversally(patient, contract, call);
      if (reading.data === null) return refused(reading);
      const way = reading.batched ? "batched (ENSIP-21)" : "direct (ENSIP-22)";
      return await judge(patient, reading.data, way);
    },
  };
}

function refused({ reason, batched }: UniversalReading): Finding {
  return failed(
    `the UniversalResolver${batched ? ", by its batch gateway," : ""} brings no result: ${reason}`,
    "viem and ensjs resolve this way. Compare with the lines above: a gateway must not depend on {sender}.",
  );
}

const single = universalCheck(
  {
    id: "universal-single",
    title: "the UniversalResolver",
    needs: ["answer-accepted", "lookup-form", "lookup-sender"],
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
