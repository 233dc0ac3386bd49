/** Base64 with the standard alphabet and padding (RFC 4648, section 4), as dm3 writes keys and signatures. */
import { SignpostError } from "../errors.js";
import { decodeBits } from "./bitText.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = "=".charCodeAt(0);
/** The digit of no bits. */
const A = "A".charCodeAt(0);
/** By the value of a digit, its character code; and the other way round, 255 where a code is no digit. */
const CODES = new TextEncoder().encode(DIGITS);
const VALUES = new Uint8Array(256).fill(255);
CODES.forEach((code, value) => (VALUES[code] = value));

/** Both directions. */
export interface Base64 {
  readonly encode: (bytes: Uint8Array) => string;
  /** Null for anything but the canonical text of some bytes. */
  readonly decode: (text: string) => Uint8Array | null;
}

/* Ciphertexts of messages are thousands of digits, so both directions work on bytes by tables. */
let encode = encodedBytes;
let decode = canonicalBytes;

/** For the start of a program. Throws INTERNAL for an implementation that differs. */
export function useBase64(faster: Base64): void {
  const texts = ["AB==", "AAB=", "AA", "AAAA ", "AA\nAA", "A-_A", "AAAA=", "====", "\u0141AAA"];
  for (let length = 0; length < 8; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => 255 - 37 * index);
    texts.push(encodedBytes(bytes));
    if (faster.encode(bytes) !== encodedBytes(bytes)) throw differs();
  }
  for (const text of texts) {
    if (String(faster.decode(text)) !== String(canonicalBytes(text))) throw differs();
  }
  ({ encode, decode } = faster);
}

export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes);
}

function encodedBytes(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[to++] = CODES[group >> 18] ?? 0;
    text[to++] = CODES[(group >> 12) & 63] ?? 0;
    text[to++] = CODES[(group >> 6) & 63] ?? 0;
    text[to++] = CODES[group & 63] ?? 0;
  }
  text.fill(PADDING, to - ((3 - (bytes.length % 3)) % 3));
  return new TextDecoder().decode(text);
}

/**
 * Reads canonical base64 only: padded, without white space, unused bits zero. So two texts never mean the
 * same bytes.
 * @throws INVALID_REQUEST
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = decode(text);
  if (bytes === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "This is not canonical base64. Use the standard alphabet with padding and no white space.",
    );
  }
  return bytes;
}

function differs(): SignpostError {
  return new SignpostError("INTERNAL", "Node's base64 gives other results than ours.");
}

function canonicalBytes(text: string): Uint8Array | null {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const codes = new TextEncoder().encode(text);
  // of text with other characters than digits there may be more bytes
  if (codes.length % 4 !== 0 || codes.length !== text.length) return null;
  codes.fill(A, codes.length - padding);
  const bytes = new Uint8Array((codes.length / 4) * 3 - padding);
  let group = 0;
  let seen = 0;
  let to = 0;
  for (let at = 0; at < codes.length; at += 4) {
    const first = VALUES[codes[at] ?? 0] ?? 0;
    const second = VALUES[codes[at + 1] ?? 0] ?? 0;
    const third = VALUES[codes[at + 2] ?? 0] ?? 0;
    const fourth = VALUES[codes[at + 3] ?? 0] ?? 0;
    seen |= first | second | third | fourth;
    group = (first << 18) | (second << 12) | (third << 6) | fourth;
    // what would stand behind the end of an array is not stored
    bytes[to++] = group >> 16;
    bytes[to++] = group >> 8;
    bytes[to++] = group;
  }
  const unusedBits = group & ((1 << (8 * padding)) - 1);
  return seen < 64 && unusedBits === 0 ? bytes : null;
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
