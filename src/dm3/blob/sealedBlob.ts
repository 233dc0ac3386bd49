/**
 * A blob as a store keeps it, which learns nothing of it but its length:
 *
 *   sealed = 0x01 || ChaCha20-Poly1305(key, nonce of zeros, content)
 *
 * Each blob has a key of its own, which is used once, so the nonce need not differ. The first byte is the format. Stores
 * know a blob by the SHA-256 of all these bytes, and whoever opens it checks that before anything is decrypted.
 */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { sha256 } from "../../abi/sha256.js";
import { SignpostError } from "../../errors.js";
import type { CryptoEngine } from "../crypto/cryptoEngine.js";
import type { BlobErrors } from "./errorCodes.js";

/** Of the content, in bytes: it is sealed and opened at once, in memory. */
export const LARGEST_BLOB = 16 * 1024 * 1024;

/** How much longer it is when it is sealed: the format, and the tag of Poly1305. */
export const SEAL_BYTES = 17;

export const BLOB_FORMAT = 1;
const BLOB_KEY_BYTES = 32;
const NONCE = new Uint8Array(12);

/** What opens a sealed blob, and nothing else. */
export interface BlobSeal {
  /** 32 bytes; a secret. */
  readonly key: Uint8Array;
  /** Of the sealed bytes. */
  readonly sha256: Digest;
  /** Of the content, in bytes. */
  readonly size: number;
}

export interface SealedBlob extends BlobSeal {
  readonly sealed: Uint8Array;
}

/**
 * @param key 32 bytes, which seal nothing else; random ones without it
 * @throws TOO_LARGE for more than LARGEST_BLOB
 */
export async function sealBlob(
  engine: CryptoEngine,
  content: Uint8Array,
  key = engine.entropy(BLOB_KEY_BYTES),
): Promise<SealedBlob> {
  const size = content.length;
  if (size > LARGEST_BLOB) {
    const sentence = `A blob has ${LARGEST_BLOB} bytes at most, and this has ${size}. Send it in parts.`;
    throw new SignpostError("TOO_LARGE", sentence, { maxBytes: LARGEST_BLOB });
  }
  const ciphertext = await engine.seal(key, NONCE, content);
  const sealed = new Uint8Array(1 + ciphertext.length);
  sealed[0] = BLOB_FORMAT;
  sealed.set(ciphertext, 1);
  return { key, sha256: sha256(sealed), size, sealed };
}

/**
 * The content of a blob that anybody may have handed over.
 * @throws WRONG_BLOB naming the first of size, sha256, format and key that is not the blob's
 */
export async function openBlob(
  engine: CryptoEngine,
  seal: BlobSeal,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  if (sealed.length !== seal.size + SEAL_BYTES) throw wrongBlob("size");
  if (!sameBytes(sha256(sealed), seal.sha256)) throw wrongBlob("sha256");
  if (sealed[0] !== BLOB_FORMAT) throw wrongBlob("format");
  const content = await engine.open(seal.key, NONCE, sealed.subarray(1));
  if (content === null) throw wrongBlob("key");
  return content;
}

const WHAT: Readonly<Record<BlobErrors["WRONG_BLOB"]["field"], string>> = {
  size: "The blob has another length than its sender says",
  sha256: "The blob has other bytes than its sender says",
  format: "The blob has a format that this version does not know",
  key: "The sender's key does not open the blob",
};

export function wrongBlob(field: BlobErrors["WRONG_BLOB"]["field"]): SignpostError {
  const sentence = `${WHAT[field]}. Ask the sender to send it again.`;
  return new SignpostError("WRONG_BLOB", sentence, { field });
}
