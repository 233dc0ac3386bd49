/** Who signs answers for the gateway: each by itself, or many by one signature. */
import type { Digest } from "../abi/digest.js";
import type { GatewaySigner } from "./gatewaySigner.js";

export interface AnswerSigner {
  /**
   * What stands in the signature field of the answer with this digest.
   * @param mayShare whether the resolver understands a signature that its answer shares with others
   *   (ccip/answerBatch.ts); without it, the field has 65 bytes
   * @throws SIGNER_UNAVAILABLE
   */
  signAnswer(digest: Digest, mayShare: boolean): Promise<Uint8Array>;
}

/** Called when a signature begins: for how many answers, and how long the first of them had waited for it. */
export type BatchObserver = (answers: number, waitedMs: number) => void;

/** A signature for each answer. */
export function eachByItself(signer: GatewaySigner): AnswerSigner {
  return { signAnswer: (digest) => signer.signDigest(digest) };
}
