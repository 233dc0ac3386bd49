/** What the resolver's callback makes of a gateway's answer: the only judge that counts. */
import { abiFunction } from "../../abi/abiFunction.js";
import { sameBytes } from "../../abi/bytes.js";
import type { Address } from "../../ens/address.js";
import { callbackCallData, isLookup } from "../../lookup/ccipRead.js";
import { viewOf } from "../../lookup/contractView.js";
import { callContract } from "../../lookup/ethCall.js";
import {
  type ExplainedRevert,
  explainRevert,
  saysUnsupported,
} from "../../lookup/resolverErrors.js";
import { chainTimeSec } from "../checks/chainChecks.js";
import { observation, observationOfUrl, type Patient } from "../patient.js";
import { addressExchange, answeredExchange } from "./gatewayExchange.js";
import { addressLookup, gatewayUrlsOf } from "./lookup.js";
import { resolverOf } from "./namedResolver.js";
import { recoverAnswer, signedAnswerOf } from "./signedAnswer.js";

export interface Acceptance {
  /** Null when the callback accepts the answer. */
  readonly refusal: ExplainedRevert | null;
  /** The chain's time, by which the callback judges. */
  readonly chainTimeSec: bigint;
}

/** Hands the answer of this URL to the callback, as a client would. Needs `gateway-answer`. */
export const acceptanceOf = observationOfUrl(
  async (patient: Patient, url: string): Promise<Acceptance> => {
    const { lookup, response } = await answeredExchange(patient, url);
    const { address } = await resolverOf(patient);
    const timeSec = await chainTimeSec(patient);
    const result = await callContract(patient, address, callbackCallData(lookup, response));
    const accepted = result.kind === "returned" || isLookup(result) || saysUnsupported(result.data);
    return { refusal: accepted ? null : explainRevert(result.data), chainTimeSec: timeSec };
  },
);

/** The answer of this URL in the ecosystem's form and who signed it; null when it has another form. */
export const signatureOf = observationOfUrl(async (patient: Patient, url: string) => {
  const { lookup, response } = await answeredExchange(patient, url);
  const answer = signedAnswerOf(response);
  if (answer === null) return null;
  const { address } = await resolverOf(patient);
  return { answer, recovered: recoverAnswer(answer, address, lookup.callData) };
});

/** The first URL whose answer the resolver accepts; null when there is none. Records are read through it. */
export const workingUrl = observation(async (patient: Patient): Promise<string | null> => {
  if ((await addressLookup(patient)) === null) return null;
  for (const url of await gatewayUrlsOf(patient)) {
    const exchange = await addressExchange(patient, url);
    if (exchange.kind !== "answered" || exchange.response === null) continue;
    if ((await acceptanceOf(patient, url)).refusal === null) return url;
  }
  return null;
});

type SignerView = ReturnType<typeof abiFunction<[Address], [boolean]>>;

/** Ours, and the public mapping of ensdomains/offchain-resolver and its many copies. */
const SIGNER_VIEWS: readonly SignerView[] = ["isSigner", "signers"].map((name) =>
  abiFunction<[Address], [boolean]>(`function ${name}(address account) view returns (bool)`),
);
const singleSigner = abiFunction<[], [Address]>("function signer() view returns (address)");

/** Whether the resolver trusts this signer; null when it does not say whom it trusts. */
export async function isEnabled(patient: Patient, signer: Address): Promise<boolean | null> {
  const { address } = await resolverOf(patient);
  for (const view of SIGNER_VIEWS) {
    const enabled = await viewOf(patient, address, view, signer);
    if (enabled !== null) return enabled[0];
  }
  const only = await viewOf(patient, address, singleSigner);
  return only === null ? null : sameBytes(only[0], signer);
}
