/** One record, read as a client reads it, through the gateway that works. */
import { toHex } from "../../abi/hex.js";
import { resolve } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import { callbackCallData } from "../../lookup/ccipRead.js";
import { callContract } from "../../lookup/ethCall.js";
import { saysUnsupported } from "../../lookup/resolverErrors.js";
import type { Patient } from "../patient.js";
import { workingUrl } from "./acceptance.js";
import { askGateway } from "./gatewayExchange.js";
import { askResolver, type FirstAnswer, firstAnswerOf, type Lookup } from "./lookup.js";
import { isExtended, resolverOf } from "./namedResolver.js";

export type Reading =
  /** The ABI-encoded result of the inner call. */
  | { readonly kind: "result"; readonly data: Uint8Array }
  /** UnsupportedResolverProfile: by a revert as it should be, or signed as if it were a record. */
  | { readonly kind: "unsupported"; readonly reverted: boolean }
  | { readonly kind: "refused"; readonly reason: string; readonly dataless: boolean }
  | { readonly kind: "status"; readonly status: number; readonly message: string }
  | { readonly kind: "unanswered"; readonly reason: string };

const MOST_LOOKUPS = 4;

/** Calls a function of the resolver about `name`. Throws UNREACHABLE when the RPC node does not answer. */
export async function readThrough(
  patient: Patient,
  name: string,
  call: Uint8Array,
): Promise<Reading> {
  let answer = await askResolver(patient, name, call);
  for (let lookups = 0; answer.kind === "lookup"; lookups++) {
    if (lookups === MOST_LOOKUPS) {
      return { kind: "unanswered", reason: `more than ${MOST_LOOKUPS} lookups in a row` };
    }
    const followed = await follow(patient, answer.lookup);
    if (!("kind" in followed && isFirstAnswer(followed))) return followed;
    answer = followed;
  }
  return readingOf(answer, await isExtended(patient));
}

async function follow(patient: Patient, lookup: Lookup): Promise<Reading | FirstAnswer> {
  const working = await workingUrl(patient);
  const url = working !== null && lookup.urls.includes(working) ? working : lookup.urls[0];
  if (url === undefined) return { kind: "unanswered", reason: "the lookup lists no URL" };
  const exchange = await askGateway(patient, url, lookup);
  if (exchange.kind === "unreachable") return { kind: "unanswered", reason: exchange.reason };
  if (exchange.response === null) {
    return { kind: "status", status: exchange.http.status, message: exchange.message };
  }
  const { address } = await resolverOf(patient);
  const callData = callbackCallData(lookup, exchange.response);
  return firstAnswerOf(await callContract(patient, address, callData));
}

function isFirstAnswer(answer: Reading | FirstAnswer): answer is FirstAnswer {
  return ["lookup", "onChain", "reverted", "malformed"].includes(answer.kind);
}

function readingOf(answer: Exclude<FirstAnswer, { kind: "lookup" }>, wrapped: boolean): Reading {
  switch (answer.kind) {
    case "malformed":
      return { kind: "refused", reason: answer.reason, dataless: false };
    case "reverted":
      if (saysUnsupported(answer.data)) return { kind: "unsupported", reverted: true };
      return { kind: "refused", reason: answer.reason, dataless: answer.data.length === 0 };
    case "onChain": {
      const data = wrapped ? unwrap(answer.data) : answer.data;
      if (data === null) {
        return {
          kind: "refused",
          reason: `resolve() returns no bytes (${toHex(answer.data.subarray(0, 32))})`,
          dataless: false,
        };
      }
      return saysUnsupported(data)
        ? { kind: "unsupported", reverted: false }
        : { kind: "result", data };
    }
  }
}

function unwrap(data: Uint8Array): Uint8Array | null {
  try {
    return resolve.decodeOutput(data)[0];
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}

/** In words, what came instead of a result. */
export function readingText(reading: Exclude<Reading, { kind: "result" }>): string {
  switch (reading.kind) {
    case "unsupported":
      return "UnsupportedResolverProfile";
    case "refused":
      return `the resolver refuses: ${reading.reason}`;
    case "status":
      return `the gateway answers HTTP ${reading.status}${reading.message === "" ? "" : `: ${reading.message}`}`;
    case "unanswered":
      return `the gateway does not answer: ${reading.reason}`;
  }
}
