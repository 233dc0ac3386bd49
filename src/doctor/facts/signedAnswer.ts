/** A gateway's response taken apart: the ecosystem's form, and the lookalikes that do not verify. */
import type { Digest } from "../../abi/digest.js";
import { keccak256 } from "../../abi/keccak256.js";
import { WORD } from "../../abi/word.js";
import { batchSignatureIn, signedDigestIn } from "../../ccip/batchSignature.js";
import { boundChainId } from "../../ccip/chainBinding.js";
import { answerDigest, type AnswerDigestInput } from "../../ccip/digest.js";
import { recoverSigner } from "../../dm3/keys/walletSignature.js";
import type { Address } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import { signedResponse } from "../../lookup/answerExpiry.js";

export interface SignedAnswer {
  /** The ABI-encoded result. */
  readonly result: Uint8Array;
  readonly expiresSec: bigint;
  /** 65 bytes, or a batch. */
  readonly signature: Uint8Array;
}

/** Whether it shares its signature with other answers. */
export function isInBatch({ signature }: SignedAnswer): boolean {
  return batchSignatureIn(signature) !== null;
}

/** The response in the ecosystem's form, or null when it has a form of its own. */
export function signedAnswerOf(response: Uint8Array): SignedAnswer | null {
  try {
    const [result, expiresSec, signature] = signedResponse.decodeOutput(response);
    // TheOffchainResolver swaps the two: (signature, expires, result)
    if (result.length === 65 && signature.length % WORD === 0) return null;
    return { result, expiresSec, signature };
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}

/** Whose signature it is, or why it is nobody's. */
export type Recovered =
  | { readonly signer: Address; readonly fault: null }
  | { readonly signer: null; readonly fault: string };

/** By the ecosystem's digest, for the resolver `target`. */
export function recoverAnswer(
  answer: SignedAnswer,
  target: Address,
  request: Uint8Array,
): Recovered {
  return recover(answerDigest({ ...answer, target, request }), answer.signature);
}

const NOT_IN_BATCH = "its path does not lead to the root of the batch that was signed";

export interface Lookalike {
  /** Continues "it is signed". */
  readonly how: string;
  readonly signer: Address;
}

/** Who signed it, if it was made by one of the mistakes that are seen in the field. */
export function lookalikesOf(
  answer: SignedAnswer,
  target: Address,
  request: Uint8Array,
): Lookalike[] {
  const input: AnswerDigestInput = { ...answer, target, request };
  const mistakes: [how: string, digest: Digest][] = [
    ["with the prefix of personal_sign", personalDigest(answerDigest(input))],
  ];
  const { expiresSec } = answer;
  if (expiresSec >= 1000n) {
    const inSeconds = { ...input, expiresSec: expiresSec / 1000n };
    mistakes.push(["over an expiry in seconds, but sent in another unit", answerDigest(inSeconds)]);
  }
  if (endsInChainId(request)) {
    const shorter = { ...input, request: request.subarray(0, -WORD) };
    mistakes.push(["over the request without the chain id at its end", answerDigest(shorter)]);
  }
  return mistakes.flatMap(([how, digest]) => {
    const { signer } = recover(digest, answer.signature);
    return signer === null ? [] : [{ how, signer }];
  });
}

function endsInChainId(request: Uint8Array): boolean {
  try {
    return boundChainId(request) !== null;
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return false;
    throw error;
  }
}

/** @param field the answer's signature: 65 bytes, or a batch */
function recover(answer: Digest, field: Uint8Array): Recovered {
  if (field.length === 64) {
    const fault = "it has 64 bytes, a form that OpenZeppelin's ECDSA refuses since 4.7.3";
    return { signer: null, fault };
  }
  const signed = signedDigestIn(field, answer);
  if (signed.fault === "length") {
    return { signer: null, fault: `it has ${field.length} bytes instead of 65 (r, s, v)` };
  }
  if (signed.fault === "path") return { signer: null, fault: NOT_IN_BATCH };
  const { digest, signature } = signed;
  const v = signature[64];
  if (v !== 27 && v !== 28) {
    return { signer: null, fault: `its last byte (v) is ${v ?? 0}, and contracts take 27 or 28` };
  }
  try {
    return { signer: recoverSigner(digest, signature, "INVALID_REQUEST"), fault: null };
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) {
      return { signer: null, fault: "its s is high, which contracts refuse as malleable" };
    }
    if (isSignpostError(error, "WRONG_SIGNER")) {
      return { signer: null, fault: "no key can have made it" };
    }
    throw error;
  }
}

/** EIP-191, version 0x45, of a digest. */
function personalDigest(digest: Digest): Digest {
  const prefix = new TextEncoder().encode("\x19Ethereum Signed Message:\n32");
  const signed = new Uint8Array(prefix.length + digest.length);
  signed.set(prefix);
  signed.set(digest, prefix.length);
  return keccak256(signed);
}
