/** Functions that nobody knows, and several records in one call. */
import { abiFunction } from "../../abi/abiFunction.js";
import { sameBytes } from "../../abi/bytes.js";
import { namehash, type Node } from "../../ens/namehash.js";
import { addr, multicall, text } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import type { Check } from "../check.js";
import { addressLookup } from "../facts/lookup.js";
import { type Reading, readingText, readThrough } from "../facts/reading.js";
import { failed, type Finding, notApplicable, passed, warning } from "../line.js";
import { nameOf, observation, type Patient } from "../patient.js";
import { claimsMulticall } from "./interfaceChecks.js";

const nobodysFunction = abiFunction<[node: Node], []>(
  "function signpostDoctorAsks(bytes32 node) view",
);

const unknownFunction: Check = {
  id: "unknown-function",
  title: "an unknown function",
  needs: ["answer-accepted", "lookup-form"],
  async examine(patient) {
    const name = nameOf(patient);
    const reading = await readThrough(patient, name, nobodysFunction.encodeInput(namehash(name)));
    const advice =
      "Answer 200 with the signed error UnsupportedResolverProfile(bytes4) 0x7b1c461b (ENSIP-23).";
    switch (reading.kind) {
      case "unsupported":
        return reading.reverted
          ? passed("the resolver reverts with UnsupportedResolverProfile")
          : warning(
              "UnsupportedResolverProfile is returned as if it were a record",
              "Let the callback revert with signed error data: typed clients decode it as garbage.",
            );
      case "status":
        return warning(
          readingText(reading),
          reading.status < 500 ? `ethers stops the whole lookup at 4xx. ${advice}` : advice,
        );
      case "result":
        return warning(`the answer is a record of ${reading.data.length} bytes`, advice);
      case "refused":
        // ENSIP-23 takes a revert without data for a function that does not exist
        return reading.dataless && (await addressLookup(patient)) === null
          ? passed("the resolver reverts without data, as one that has no such function")
          : warning(readingText(reading), advice);
      case "unanswered":
        return warning(readingText(reading), advice);
    }
  },
};

/** The calls that are made one by one and together. */
export const severalCalls = observation((patient: Patient) => {
  const node = namehash(nameOf(patient));
  return Promise.resolve([
    addr.encodeInput(node),
    text.encodeInput(node, "avatar"),
    text.encodeInput(node, "signpost.doctor"),
  ]);
});

/** What each of them comes to by itself, with requests of its own: ENSIP-21's batch, without the batch. */
export const singleReadings = observation(async (patient: Patient) => {
  const calls = await severalCalls(patient);
  return await Promise.all(calls.map((call) => readThrough(patient, nameOf(patient), call)));
});

const multicallCheck: Check = {
  id: "multicall",
  title: "several records in one lookup",
  needs: ["answer-accepted", "lookup-form"],
  async examine(patient) {
    const together = await readThrough(
      patient,
      nameOf(patient),
      multicall.encodeInput(await severalCalls(patient)),
    );
    if (together.kind !== "result") {
      const seen = `asked for a multicall, ${readingText(together)}`;
      return (await claimsMulticall(patient))
        ? failed(
            seen,
            "The resolver claims ENSIP-22: use a gateway that answers multicall(bytes[]).",
          )
        : notApplicable(`${seen}; the resolver does not claim it`);
    }
    return judgeMulticall(together.data, await singleReadings(patient));
  },
};

/** `data` is the ABI-encoded result of a multicall of the same calls as `singles`. */
export function judgeMulticall(data: Uint8Array, singles: readonly Reading[]): Finding {
  const advice = "Give each call's result in the order of the calls, and nothing else.";
  let results: Uint8Array[];
  try {
    [results] = multicall.decodeOutput(data);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CALL_DATA")) throw error;
    return failed("the result of a multicall does not decode as bytes[]", advice);
  }
  if (results.length !== singles.length) {
    return failed(`${singles.length} calls have ${results.length} results in a multicall`, advice);
  }
  const different = singles.filter((single, index) => {
    const result = results[index] ?? new Uint8Array();
    return single.kind === "result"
      ? !sameBytes(single.data, result)
      : single.kind === "unsupported" && result.length % 32 !== 4;
  });
  return different.length === 0
    ? passed(`${results.length} records in one lookup, the same as one by one`)
    : failed(
        `${different.length} of ${singles.length} records differ between a multicall and single lookups`,
        advice,
      );
}

export const FUNCTION_CHECKS: readonly Check[] = [unknownFunction, multicallCheck];
