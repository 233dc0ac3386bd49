/**
 * Ed25519 signatures over UTF-8 text, made with a profile's signing key. dm3 uses them for "alias: <name>",
 * "remove: <name>" and for the challenges of a delivery service.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { SignpostError } from "../../errors.js";
import { decodeBase64, encodeBase64 } from "../base64.js";

const PRIVATE_KEY_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * @param privateKey 64 bytes, the seed followed by the public key
 * @returns the signature (64 bytes) in base64
 * @throws INVALID_REQUEST when the key has another length
 */
export function signText(privateKey: Uint8Array, text: string): string {
  if (privateKey.length !== PRIVATE_KEY_BYTES) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `A signing key has 64 bytes, but this one has ${privateKey.length}. Give the private key as deriveProfileKeys returns it.`,
    );
  }
  // Only the seed is used: a public half that does not belong to it would give the private key away.
  const seed = privateKey.subarray(0, PRIVATE_KEY_BYTES - PUBLIC_KEY_BYTES);
  return encodeBase64(ed25519.sign(new TextEncoder().encode(text), seed));
}

/**
 * @param publicSigningKey base64 of 32 bytes
 * @param signature base64 of 64 bytes
 * @throws INVALID_REQUEST when key or signature is malformed, WRONG_SIGNER when the key did not sign the text
 */
export function assertTextSignedBy(
  publicSigningKey: string,
  text: string,
  signature: string,
): void {
  const publicKey = decodeField("publicSigningKey", publicSigningKey, PUBLIC_KEY_BYTES);
  const signatureBytes = decodeField("signature", signature, SIGNATURE_BYTES);
  if (!isSignatureOf(signatureBytes, new TextEncoder().encode(text), publicKey)) {
    throw new SignpostError(
      "WRONG_SIGNER",
      "The signature is not by the profile's signing key over this text. Sign exactly this text with the key of the published profile.",
      { text },
    );
  }
}

/**
 * False as well for bytes that are no signature, or no key.
 * @param signature 64 bytes
 * @param publicKey 32 bytes
 */
export function isSignatureOf(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    // RFC 8032 to the letter, as in libsodium: the looser ZIP 215 lets small-order keys "sign" anything.
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

function decodeField(field: string, text: string, length: number): Uint8Array {
  const bytes = text.length > 2 * length ? null : decodeBase64(text);
  if (bytes?.length !== length) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The field ${field} must be base64 of ${length} bytes.`,
      { field },
    );
  }
  return bytes;
}
