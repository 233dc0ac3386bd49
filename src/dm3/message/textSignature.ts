/** Ed25519 over the UTF-8 of a text, as dm3 signs messages, envelopes and postmarks. */
import { decodeBase64, encodeBase64 } from "../base64.js";
import type { CryptoEngine, SigningKey } from "../crypto/cryptoEngine.js";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** Of a signature in base64. */
export const SIGNATURE_CHARS = 88;

/** Base64 of 64 bytes. */
export async function signText(key: SigningKey, text: string): Promise<string> {
  return encodeBase64(await key.sign(new TextEncoder().encode(text)));
}

/**
 * False as well for a key or a signature that is malformed.
 * @param publicSigningKey base64 of 32 bytes
 * @param signature base64 of 64 bytes
 */
export async function isSignedText(
  engine: CryptoEngine,
  publicSigningKey: string,
  text: string,
  signature: string,
): Promise<boolean> {
  const key = bytesOf(publicSigningKey, KEY_BYTES);
  const signatureBytes = bytesOf(signature, SIGNATURE_BYTES);
  if (key === null || signatureBytes === null) return false;
  return engine.verify(key, new TextEncoder().encode(text), signatureBytes);
}

function bytesOf(base64: string, length: number): Uint8Array | null {
  // bounded before it is read
  if (base64.length !== Math.ceil(length / 3) * 4) return null;
  try {
    const bytes = decodeBase64(base64);
    return bytes.length === length ? bytes : null;
  } catch {
    return null;
  }
}
