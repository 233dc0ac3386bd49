/**
 * The digest that a gateway signs and a resolver verifies, as the ENS ecosystem has it (ensdomains
 * offchain-resolver, `SignatureVerifier`). Its Solidity twin, where the layout is drawn, is
 * contracts/AnswerDigest.sol; test/parity holds the two together.
 */
import type { Digest } from "../abi/digest.js";
import { keccak256 } from "../abi/keccak256.js";
import type { Address } from "../ens/address.js";

export interface AnswerDigestInput {
  /** Address of the resolver that will verify. */
  readonly target: Address;
  /** The last second, in Unix time, at which the answer is valid. */
  readonly expiresSec: bigint;
  /** The exact call data of the lookup, selector included. */
  readonly request: Uint8Array;
  /** The ABI-encoded result. */
  readonly result: Uint8Array;
}

const TARGET_AT = 2;
const EXPIRES_AT = 22;
const REQUEST_AT = 30;
const RESULT_AT = 62;
const LENGTH = 94;

/** Written anew for each digest: a lookup makes one, and memory outside of V8's own is dear to collect. */
const packed = new Uint8Array(LENGTH);
packed[0] = 0x19;
const view = new DataView(packed.buffer);

/** It is signed as it is, without the prefix of personal_sign. */
export function answerDigest({ target, expiresSec, request, result }: AnswerDigestInput): Digest {
  packed.set(target, TARGET_AT);
  view.setBigUint64(EXPIRES_AT, expiresSec);
  packed.set(keccak256(request), REQUEST_AT);
  packed.set(keccak256(result), RESULT_AT);
  return keccak256(packed);
}
