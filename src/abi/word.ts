/**
 * The 32-byte word, the unit of the contract ABI: big-endian numbers, short values padded to a word, and
 * the bounds that every read of foreign bytes respects.
 */
import { SignpostError } from "../errors.js";

export const WORD = 32;

/** Sizes, offsets and counts take the last 4 bytes of their word. */
const SIZE_BYTES = 4;

/** Says what is wrong with foreign bytes. */
export function malformed(sentence: string): SignpostError {
  return new SignpostError("INVALID_CALL_DATA", `The ABI-encoded data is malformed: ${sentence}`);
}

/** `length` bytes at `position`; a view, not a copy. Throws INVALID_CALL_DATA past the end. */
export function slice(data: Uint8Array, position: number, length: number): Uint8Array {
  assertInside(data, position, length);
  return data.subarray(position, position + length);
}

/** Throws INVALID_CALL_DATA unless `length` bytes follow at `position`. */
function assertInside(data: Uint8Array, position: number, length: number): void {
  if (position + length > data.length) {
    throw malformed(
      `${length} bytes expected at position ${position}, but only ${data.length} bytes came.`,
    );
  }
}

/** An offset, length or count. One above 2^32 can only lie past the end, so it is refused at once. */
export function sizeAt(data: Uint8Array, position: number): number {
  assertInside(data, position, WORD);
  const sizeStart = position + WORD - SIZE_BYTES;
  if (!isZero(data, position, sizeStart)) {
    throw malformed(`the offset or length at position ${position} lies past the end.`);
  }
  let size = 0;
  // not by shifting, which would make a negative number of a large one
  for (let at = sizeStart; at < position + WORD; at++) size = size * 256 + (data[at] ?? 0);
  return size;
}

/** Writes an offset, length or count below 2^32 into a word of zeros. */
export function writeSize(target: Uint8Array, position: number, size: number): void {
  let rest = size;
  for (let at = position + WORD - 1; rest > 0; at--, rest = Math.floor(rest / 256)) {
    target[at] = rest % 256;
  }
}

/** Whether the bytes from `start` to before `end` are all zero. */
export function isZero(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** The big-endian number in `bytes`. */
export function toNumber(bytes: Uint8Array): bigint {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  let value = 0n;
  for (; at < bytes.length; at++) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

/** Writes `value` into a word of zeros, big-endian. `value` must lie in 0 .. 2^256-1. */
export function writeNumber(target: Uint8Array, position: number, value: bigint): void {
  let rest = value;
  for (let at = position + WORD - 1; rest > 0n && at >= position; at--, rest >>= 8n) {
    target[at] = Number(rest & 0xffn);
  }
  if (rest !== 0n) {
    throw new SignpostError("INTERNAL", "A number does not fit into an unsigned 256-bit word.");
  }
}

/** `value` as a word of its own. */
export function numberWord(value: bigint | number): Uint8Array {
  const word = new Uint8Array(WORD);
  writeNumber(word, 0, BigInt(value));
  return word;
}

/** The length rounded up to whole words. */
export function paddedLength(length: number): number {
  return Math.ceil(length / WORD) * WORD;
}
