/**
 * Statements: what the holder of a DM3 signing key says to everybody, for good. Signed (Ed25519) is the byte 0xff and then the
 * UTF-8 of the statement.
 *
 * dm3's clients sign whatever text a relay node gives them as a challenge, so a node could have them sign any text that means
 * something elsewhere. No text in UTF-8 has the byte 0xff: what was signed as a challenge is never a statement.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { decodeBase64, encodeBase64 } from "../base64.js";
import { isSignatureOf } from "../keys/ed25519.js";

const NO_TEXT = 0xff;
const SEED_BYTES = 32;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * @param privateKey an Ed25519 seed, 32 bytes, alone or with the public key behind it
 * @returns base64 of 64 bytes
 */
export function signStatement(privateKey: Uint8Array, statement: string): string {
  // a public half that does not belong to the seed would give the private key away
  const seed = privateKey.subarray(0, SEED_BYTES);
  return encodeBase64(ed25519.sign(statementBytes(statement), seed));
}

/**
 * False as well for a key or a signature that is malformed.
 * @param publicSigningKey base64 of 32 bytes
 * @param signature base64 of 64 bytes
 */
export function isSignedStatement(
  publicSigningKey: string,
  statement: string,
  signature: string,
): boolean {
  try {
    const key = decodeBase64(publicSigningKey);
    const signed = decodeBase64(signature);
    if (key.length !== KEY_BYTES || signed.length !== SIGNATURE_BYTES) return false;
    return isSignatureOf(signed, statementBytes(statement), key);
  } catch {
    return false;
  }
}

/** What is signed, for whoever has a key that signs by itself (dm3/crypto). */
export function statementBytes(statement: string): Uint8Array {
  return Uint8Array.of(NO_TEXT, ...new TextEncoder().encode(statement));
}
