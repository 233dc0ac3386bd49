/** ISO/IEC 7816-4 padding: 0x80 behind the text and then zeros, up to a whole number of blocks. */

/** So that a short message does not tell its length. */
const BLOCK_BYTES = 2048;
const MARK = 0x80;

/** The text in UTF-8 with its padding, which has at least one byte: aligned text gets a block more. */
export function padded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const blocks = Math.floor(bytes.length / BLOCK_BYTES) + 1;
  const padded = new Uint8Array(blocks * BLOCK_BYTES);
  padded.set(bytes);
  padded[bytes.length] = MARK;
  return padded;
}

/** The bytes before the padding; null where there is none. */
export function unpadded(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length === 0 || bytes.length % BLOCK_BYTES !== 0) return null;
  let end = bytes.length - 1;
  // padding never fills more than a block
  const first = bytes.length - BLOCK_BYTES;
  while (end > first && bytes[end] === 0) end--;
  return bytes[end] === MARK ? bytes.subarray(0, end) : null;
}
