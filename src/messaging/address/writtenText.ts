/**
 * A text where only few characters and a bounded length are allowed, and another text for every other one:
 *
 *   plain    the text itself, where it may stand there and does not look like one of the next two
 *   encoded  `x-` and base32 (RFC 4648, section 6, in lower case, without padding) of its UTF-8
 *   hashed   `h-` and base32 of the SHA-256 of its UTF-8, where that is too long: only a table leads back
 *
 * Base32 has letters and digits alone, so nothing that folds case, drops characters or knows an older Unicode changes it.
 */
import { sha256OfText } from "../../abi/sha256.js";
import { decodeUtf8 } from "../../abi/utf8.js";
import { decodeBits, encodeBits } from "../../dm3/bitText.js";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const ENCODED = "x-";
const HASHED = "h-";
/** Of a SHA-256. */
const HASH_DIGITS = 52;

/** What may stand in some place. */
export interface Place {
  /** Whether the text may stand there as it is. */
  readonly allows: (text: string) => boolean;
  /** In characters, 54 at least; all that is written there is ASCII. */
  readonly longest: number;
}

export interface WrittenText {
  readonly written: string;
  /** False where only a table leads back. */
  readonly isReversible: boolean;
}

/** Different for different texts. */
export function writeText(text: string, { allows, longest }: Place): WrittenText {
  const isPlain = allows(text) && text.length <= longest && !isMarked(text);
  const written = isPlain ? text : `${ENCODED}${encodeBits(utf8Of(text), BASE32)}`;
  if (written.length <= longest) return { written, isReversible: true };
  return { written: `${HASHED}${encodeBits(sha256OfText(text), BASE32)}`, isReversible: false };
}

/** Null for what `writeText` does not write; "hashed" for what only a table leads back from. */
export function readText(
  written: string,
  place: Place,
): { readonly text: string } | "hashed" | null {
  if (written.startsWith(HASHED)) return isHash(written.slice(HASHED.length)) ? "hashed" : null;
  const text = written.startsWith(ENCODED) ? decoded(written.slice(ENCODED.length)) : written;
  // one way to write each text
  return text !== null && writeText(text, place).written === written ? { text } : null;
}

function isMarked(text: string): boolean {
  return text.startsWith(ENCODED) || text.startsWith(HASHED);
}

function isHash(digits: string): boolean {
  return digits.length === HASH_DIGITS && decodeBits(digits, BASE32) !== null;
}

function decoded(digits: string): string | null {
  const bytes = decodeBits(digits, BASE32);
  if (bytes === null) return null;
  try {
    return decodeUtf8(bytes);
  } catch {
    return null;
  }
}

function utf8Of(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
