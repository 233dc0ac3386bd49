import { sameBytes } from "./bytes.js";

const OPTIONS = { fatal: true, ignoreBOM: true };

type Decode = (bytes: Uint8Array) => string;

/**
 * The text of these bytes, strictly: throws a TypeError for what is not UTF-8. A byte order mark stays.
 */
export const decodeUtf8: Decode = strictDecoder();

function strictDecoder(): Decode {
  try {
    const decoder = new TextDecoder("utf-8", OPTIONS);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return decodeAndCompare;
  }
}

/** For runtimes without a strict decoder, such as React Native's: what was not UTF-8 is not the same when written again. */
export function decodeAndCompare(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  // a decoder of that kind leaves the mark out
  for (const candidate of [text, `\ufeff${text}`]) {
    if (sameBytes(new TextEncoder().encode(candidate), bytes)) return candidate;
  }
  throw new TypeError("These bytes are not UTF-8.");
}

/** How many bytes a string takes in UTF-8; a lone surrogate takes the 3 bytes of the character that stands in for it. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(at + 1))) {
      // four bytes for the two units of a pair
      length += 2;
      at++;
    } else length += 2;
  }
  return length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
