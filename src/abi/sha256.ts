/**
 * SHA-256, by which histories, profiles and API keys are known.
 *
 * The service hashes whole names before and after each change, half a megabyte at the most, so it puts Node's own
 * implementation in the place of this portable one (src/native), as with Keccak-256.
 */
import { sha256 as hash } from "@noble/hashes/sha2.js";
import { SignpostError } from "../errors.js";
import { type Digest, digestFrom } from "./digest.js";

/** Of the parts, one behind the other; returns 32 bytes of its own. */
export type Sha256 = (parts: readonly Uint8Array[]) => Uint8Array;

const portable: Sha256 = (parts) => {
  const running = hash.create();
  for (const part of parts) running.update(part);
  return running.digest();
};

let implementation = portable;

/** Of the parts, one behind the other. */
export function sha256(...parts: readonly Uint8Array[]): Digest {
  return digestFrom(implementation(parts));
}

/** For the start of a program. Throws INTERNAL for an implementation that hashes otherwise. */
export function useSha256(faster: Sha256): void {
  // a block has 64 bytes: padding differs below, at and above a full one
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const sample = Uint8Array.from({ length }, (_, index) => index % 251);
    const parts = [sample, sample.subarray(0, length >> 1)];
    const [ours, theirs] = [portable(parts), faster(parts)];
    if (theirs.length !== ours.length || theirs.some((byte, index) => byte !== ours[index])) {
      throw new SignpostError("INTERNAL", "Node's SHA-256 gives other results than ours.");
    }
  }
  implementation = faster;
}

const encoder = new TextEncoder();

/** Of the text in UTF-8. */
export function sha256OfText(text: string): Digest {
  return sha256(encoder.encode(text));
}
