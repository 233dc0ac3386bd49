/** What the resolver says when it is asked for a record: the result itself, or where to ask. */
import type { Address } from "../../ens/address.js";
import { encodeDnsName } from "../../ens/dnsName.js";
import { namehash } from "../../ens/namehash.js";
import { addr, resolve } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import { decodeOffchainLookup, isLookup } from "../../lookup/ccipRead.js";
import { CheckLog } from "../../lookup/checks.js";
import { callContract, type CallResult } from "../../lookup/ethCall.js";
import { MOST_URLS } from "../../lookup/gatewayQuery.js";
import { explainRevert } from "../../lookup/resolverErrors.js";
import { nameOf, observation, type Patient } from "../patient.js";
import { isExtended, resolverOf } from "./namedResolver.js";

/** The arguments of ERC-3668's OffchainLookup. */
export interface Lookup {
  readonly sender: Address;
  readonly urls: readonly string[];
  readonly callData: Uint8Array;
  /** 4 bytes. */
  readonly callbackFunction: Uint8Array;
  readonly extraData: Uint8Array;
}

/** What a call to the resolver comes to before anybody asks a gateway. */
export type FirstAnswer =
  | { readonly kind: "lookup"; readonly lookup: Lookup }
  | { readonly kind: "onChain"; readonly data: Uint8Array }
  | { readonly kind: "reverted"; readonly data: Uint8Array; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/** Reads an OffchainLookup out of what a call came to. */
export function firstAnswerOf(result: CallResult): FirstAnswer {
  const { data } = result;
  if (result.kind === "returned") return { kind: "onChain", data };
  if (!isLookup(result)) return { kind: "reverted", data, reason: explainRevert(data).reason };
  try {
    const [sender, urls, callData, callbackFunction, extraData] = decodeOffchainLookup(
      new CheckLog(),
      data,
    );
    return { kind: "lookup", lookup: { sender, urls, callData, callbackFunction, extraData } };
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return { kind: "malformed", reason: error.message };
  }
}

/** Asks the resolver for a record of `name`, the way it wants to be asked. Throws UNREACHABLE. */
export async function askResolver(
  patient: Patient,
  name: string,
  call: Uint8Array,
): Promise<FirstAnswer> {
  const { address } = await resolverOf(patient);
  return firstAnswerOf(
    await callContract(patient, address, await wrappedCall(patient, name, call)),
  );
}

/** The call as the resolver wants it: inside ENSIP-10's `resolve`, or plain. */
export async function wrappedCall(
  patient: Patient,
  name: string,
  call: Uint8Array,
): Promise<Uint8Array> {
  return (await isExtended(patient)) ? resolve.encodeInput(encodeDnsName(name), call) : call;
}

/** The call by which gateways are tried: `addr(node)`, which every client asks and every gateway answers. */
export const addressQuestion = observation((patient: Patient) => {
  const name = nameOf(patient);
  return askResolver(patient, name, addr.encodeInput(namehash(name)));
});

/** The lookup of that call, or null when the resolver answers on-chain or fails. */
export async function addressLookup(patient: Patient): Promise<Lookup | null> {
  const question = await addressQuestion(patient);
  return question.kind === "lookup" ? question.lookup : null;
}

/** Each gateway URL once, in order; as many as clients like ours try. */
export async function gatewayUrlsOf(patient: Patient): Promise<readonly string[]> {
  const lookup = await addressLookup(patient);
  return [...new Set(lookup?.urls ?? [])].slice(0, MOST_URLS);
}
