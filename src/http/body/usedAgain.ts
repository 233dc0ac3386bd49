/**
 * Memory for long bodies and answers, used again and again. A megabyte that the system gives anew for each, and takes back, costs
 * more than to fill it, and has V8 look for garbage all the time.
 */

/** What a dm3 client sends or asks for at once: a hundred messages of usual length. */
export const BLOCK_BYTES = 2 * 1024 * 1024;
/** What is shorter fits into Node's own memory. */
const LEAST_BYTES = 32 * 1024;
/** Kept while nobody needs them. */
const MOST_FREE = 8;

const free: Buffer[] = [];

export interface UsedMemory {
  /** So many bytes, whatever is in them. */
  readonly bytes: Buffer;
  /** To be called once, when nobody reads or writes them any more. */
  readonly giveBack: () => void;
}

export function memoryOf(bytes: number): UsedMemory {
  if (bytes < LEAST_BYTES || bytes > BLOCK_BYTES) {
    return { bytes: Buffer.allocUnsafe(bytes), giveBack: () => undefined };
  }
  const block = free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  return {
    bytes: block.subarray(0, bytes),
    giveBack: () => {
      if (free.length < MOST_FREE) free.push(block);
    },
  };
}
