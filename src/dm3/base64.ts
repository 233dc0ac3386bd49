/** Base64 with the standard alphabet and padding (RFC 4648, section 4), as dm3 writes keys and signatures. */
import { base64pad } from "multiformats/bases/base64";
import { SignpostError } from "../errors.js";

export function encodeBase64(bytes: Uint8Array): string {
  return base64pad.baseEncode(bytes);
}

/**
 * Reads canonical base64 only: padded, without white space, unused bits zero. So two texts never mean the
 * same bytes.
 * @throws INVALID_REQUEST
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = tryDecode(text);
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
  const digits = text.replace(/[\t\n\f\r ]/g, "").replace(/={1,2}$/, "");
  // The library would take "=" for a digit.
  const bytes = /^[A-Za-z0-9+/]*$/.test(digits) ? tryDecode(digits) : null;
  if (bytes === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "This is not base64. Use the standard alphabet (A to Z, a to z, 0 to 9, + and /).",
    );
  }
  return bytes;
}

function tryDecode(text: string): Uint8Array | null {
  try {
    return base64pad.baseDecode(text);
  } catch {
    return null;
  }
}
