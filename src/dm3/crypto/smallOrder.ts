/** Points of Ed25519 under which a signature proves nothing. */

const POINT_BYTES = 32;

/**
 * The y of the points whose order divides 8, in every spelling, without the sign of x (the highest bit): 0, 1, the two of
 * order 8, p - 1, and p and p + 1, which are 0 and 1 again. Lower-case hex, little-endian, as in RFC 8032.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

const FIRST_BYTES: ReadonlySet<number> = new Set(
  [...SMALL_ORDER].map((y) => parseInt(y.slice(0, 2), 16)),
);

/** @param bytes begin with the point: a public key is one, a signature begins with one */
export function isOfSmallOrder(bytes: Uint8Array): boolean {
  // nearly all points are told by their first byte
  if (!FIRST_BYTES.has(bytes[0] ?? 0)) return false;
  const y = bytes.slice(0, POINT_BYTES);
  y[POINT_BYTES - 1] = (y[POINT_BYTES - 1] ?? 0) & 0x7f;
  return SMALL_ORDER.has(toHexDigits(y));
}

function toHexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
