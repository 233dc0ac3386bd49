/** Signing statements, and whether one is signed. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { decodeBase64, encodeBase64 } from "../base64.js";
import { isSignatureOf } from "../keys/ed25519.js";
import { statementBytes } from "./statementBytes.js";

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
