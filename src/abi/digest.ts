/** What a hash function of 256 bits gives. Keccak-256 and SHA-256 make them; wallets and signers sign them. */
import { SignpostError } from "../errors.js";

declare const isDigest: unique symbol;

export type Digest = Uint8Array & { readonly [isDigest]: true };

const DIGEST_BYTES = 32;

/** These bytes, not a copy, as a digest. Throws INTERNAL unless they are 32. */
export function digestFrom(bytes: Uint8Array): Digest {
  if (bytes.length === DIGEST_BYTES) return bytes as Digest;
  throw new SignpostError(
    "INTERNAL",
    `A digest has ${DIGEST_BYTES} bytes, but this one has ${bytes.length}.`,
  );
}
