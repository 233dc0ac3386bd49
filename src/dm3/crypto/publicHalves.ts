/**
 * The public halves of X25519 and Ed25519 keys, and nothing else of the two curves. Every app that derives keys has this in its
 * bundle, so it is made of the small `@noble/ed25519`; the rest is WebCrypto's in current browsers.
 *
 * Both are multiples of one base point: Ed25519 writes its y with the sign of x, X25519 writes u = (1 + y) / (1 - y)
 * (RFC 7748, section 4.1).
 */
import { etc, Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

const KEY_BYTES = 32;

/** @param seed 32 bytes (RFC 8032, section 5.1.5) */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return multipleOfBase(sha512(seed)).toBytes();
}

/** @param privateKey 32 bytes (RFC 7748, section 5) */
export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const { y } = multipleOfBase(privateKey).toAffine();
  // never 1 - 1: no clamped scalar is a multiple of the group's order
  let u = etc.mod((1n + y) * etc.invert(etc.mod(1n - y), Point.CURVE().p));
  return Uint8Array.from({ length: KEY_BYTES }, () => {
    const byte = Number(u & 0xffn);
    u >>= 8n;
    return byte;
  });
}

/** @param scalar little-endian, of which the first 32 bytes count */
function multipleOfBase(scalar: Uint8Array): Point {
  const clamped = clamp(scalar.slice(0, KEY_BYTES));
  const number = clamped.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Point.BASE.multiply(number % Point.CURVE().n);
}

/** These 32 bytes, with the bits cleared and set that both standards clear and set. */
function clamp(scalar: Uint8Array): Uint8Array {
  scalar[0] = (scalar[0] ?? 0) & 0xf8;
  scalar[31] = ((scalar[31] ?? 0) & 0x7f) | 0x40;
  return scalar;
}
