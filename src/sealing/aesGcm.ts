/**
 * AES-256-GCM as Node has it. Each encryption takes a random nonce of 96 bits: after a restore of an older database, a
 * counter would begin again and use a nonce twice, which GCM does not survive.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { concatBytes } from "@noble/hashes/utils.js";

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = "aes-256-gcm";

/** Takes over 32 bytes, and leaves zeros behind. A KeyObject shows nothing of itself when it is printed. */
export function takeKey(bytes: Uint8Array): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** nonce (12 bytes) ‖ ciphertext (as long as `plaintext`) ‖ tag (16 bytes) */
export function encrypt(
  key: KeyObject,
  plaintext: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData);
  return concatBytes(nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

/** Null when `encrypt` did not make this, with this key and these additional data. */
export function decrypt(
  key: KeyObject,
  encrypted: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array | null {
  if (encrypted.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = encrypted.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  const plaintext = decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return new Uint8Array(plaintext);
  } catch {
    return null;
  } finally {
    // of no use to anybody, or copied
    plaintext.fill(0);
  }
}
