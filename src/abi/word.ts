/**
 * The 32-byte word, the unit of the contract ABI: big-endian numbers, short values padded to a word, and
 * the bounds that every read of foreign bytes respects.
 */
import { SignpostError } from "../errors.js";

export const WORD = 32;

/** Says what is wrong with foreign bytes. */
export function malformed(sentence: string): SignpostError {
  return new SignpostError("INVALID_CALL_DATA", `The ABI-encoded data is malformed: ${sentence}`);
}

/** The word at `position`; a view, not a copy. */
export function wordAt(data: Uint8Array, position: number): Uint8Array {
  return slice(data, position, WORD);
}

/** `length` bytes at `position`; a view, not a copy. Throws INVALID_CALL_DATA past the end. */
export function slice(data: Uint8Array, position: number, length: number): Uint8Array {
  if (position + length > data.length) {
    throw malformed(
      `${length} bytes expected at position ${position}, but only ${data.length} bytes came.`,
    );
  }
  return data.subarray(position, position + length);
}

/** An offset, length or count. One above 2^32 can only lie past the end, so it is refused at once. */
export function sizeAt(data: Uint8Array, position: number): number {
  const word = wordAt(data, position);
  if (!isZero(word.subarray(0, WORD - 4))) {
    throw malformed(`the offset or length at position ${position} lies past the end.`);
  }
  return new DataView(word.buffer, word.byteOffset, WORD).getUint32(WORD - 4);
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** The big-endian number in `bytes`. */
export function toNumber(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

/** `value` as a big-endian word. `value` must lie in 0 .. 2^256-1. */
export function numberWord(value: bigint | number): Uint8Array {
  const word = new Uint8Array(WORD);
  let rest = BigInt(value);
  for (let at = WORD - 1; rest > 0n && at >= 0; at--, rest >>= 8n) word[at] = Number(rest & 0xffn);
  if (rest !== 0n) {
    throw new SignpostError("INTERNAL", "A number does not fit into an unsigned 256-bit word.");
  }
  return word;
}

/** The length rounded up to whole words. */
export function paddedLength(length: number): number {
  return Math.ceil(length / WORD) * WORD;
}
