/** Base64 with the standard alphabet and padding (RFC 4648, section 4), as dm3 writes keys and signatures. */
import { SignpostError } from "../errors.js";
import { decodeBits } from "./bitText.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const group = (first << 16) | (second << 8) | third;
    for (const shift of [18, 12, 6, 0]) text += DIGITS.charAt((group >> shift) & 63);
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - padding) + "=".repeat(padding);
}

/**
 * Reads canonical base64 only: padded, without white space, unused bits zero. So two texts never mean the
 * same bytes.
 * @throws INVALID_REQUEST
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = decodeBits(text.replace(/={1,2}$/, ""), DIGITS);
  if (bytes === null || encodeBase64(bytes) !== text) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "This is not canonical base64. Use the standard alphabet with padding and no white space.",
    );
  }
  return bytes;
}

/**
 * Reads what browsers read in a data URI: padding may be missing and white space is skipped.
 * @throws INVALID_REQUEST
 */
export function decodeForgivingBase64(text: string): Uint8Array {
  const bytes = decodeBits(text.replace(/[\t\n\f\r ]/g, "").replace(/={1,2}$/, ""), DIGITS);
  if (bytes === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "This is not base64. Use the standard alphabet (A to Z, a to z, 0 to 9, + and /).",
    );
  }
  return bytes;
}
