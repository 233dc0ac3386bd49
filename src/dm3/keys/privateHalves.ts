/**
 * The private halves of a profile's keys, derived from one seed exactly as dm3 (libsodium) does it. They need no curve, which is
 * why they stand apart from the public ones.
 */
import { blake2b } from "@noble/hashes/blake2.js";
import { SignpostError } from "../../errors.js";

export const SEED_BYTES = 32;

/**
 * libsodium's `crypto_kx_seed_keypair`: BLAKE2b-256 of the seed.
 * @returns 32 bytes
 * @throws INVALID_REQUEST when the seed has another length
 */
export function encryptionPrivateKeyOf(seed: Uint8Array): Uint8Array {
  return blake2b(checkedSeed(seed), { dkLen: 32 });
}

/**
 * The signing key is made of the seed itself (`crypto_sign_seed_keypair`).
 * @throws INVALID_REQUEST when it has another length
 */
export function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length === SEED_BYTES) return seed;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The seed of profile keys has 32 bytes, but this one has ${seed.length}. Give a storage key, or 32 random bytes.`,
  );
}
