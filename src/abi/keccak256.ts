/**
 * Keccak-256, the hash of Ethereum.
 *
 * A lookup hashes a dozen times, so the service puts a compiled implementation in the place of this portable
 * one when it starts (src/native); browsers need none. Both give the same results, so nothing but speed
 * depends on which one is in use.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { SignpostError } from "../errors.js";
import { type Digest, digestFrom } from "./digest.js";

/** Takes bytes, returns 32 of its own. */
export type Keccak256 = (bytes: Uint8Array) => Uint8Array;

let implementation: Keccak256 = keccak_256;

export function keccak256(bytes: Uint8Array): Digest {
  return digestFrom(implementation(bytes));
}

/** For the start of a program. Throws INTERNAL for an implementation that hashes otherwise. */
export function useKeccak256(faster: Keccak256): void {
  // the rate of Keccak-256 is 136 bytes: padding differs below, at and above a full block
  for (const length of [0, 1, 135, 136, 137, 1000]) {
    const sample = Uint8Array.from({ length }, (_, index) => index % 251);
    const [ours, theirs] = [keccak_256(sample), faster(sample)];
    if (theirs.length !== ours.length || theirs.some((byte, index) => byte !== ours[index])) {
      throw new SignpostError("INTERNAL", "The compiled Keccak-256 gives other results than ours.");
    }
  }
  implementation = faster;
}
