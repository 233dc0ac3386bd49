/**
 * The results of a multicall, bounded by bytes. A short request can ask for long records many times, and every byte of an
 * answer is encoded, hashed and sent as two digits: 64 KiB cost about as much as 15 ordinary lookups. ensjs' 148 coins, forty
 * texts of 1 KiB and a content hash fit into it.
 *
 * What does not fit gets an error of its own, `HttpError(413, ...)`, by which ENS' batch gateway tells that one call of
 * several has failed (ENSIP-21); the others are answered. Asked for alone, every record has an answer.
 *
 * Mostly all of them fit, and are encoded at once. Otherwise they are measured first, so that what does not fit is not encoded.
 */
import { abiFunction } from "../abi/abiFunction.js";
import { WORD } from "../abi/word.js";

const LONGEST_RESULTS = 64 * 1024;

const httpError = abiFunction<[status: bigint, message: string], []>(
  "error HttpError(uint16 status, string message)",
);
const TOO_MUCH = httpError.encodeInput(413n, "ask for this record by itself");

/** Of the list itself: its offset and its length; then an offset and a length for each result. */
const HEAD_BYTES = 2 * WORD;
const RESULT_HEAD_BYTES = 2 * WORD;
const TOO_MUCH_BYTES = padded(TOO_MUCH.length);

/** So many results fit, whatever they are, because each fits as an error. */
export const MOST_RESULTS = 256;

/** A result before it is encoded. */
export interface MeasuredResult {
  /** How many bytes it has. */
  readonly size: number;
  readonly encode: () => Uint8Array;
}

/** All of them, or null as soon as they are too long together. */
export function fittingResults<Item>(
  items: readonly Item[],
  encode: (item: Item) => Uint8Array,
): Uint8Array[] | null {
  let left = bytesFor(items.length);
  const results: Uint8Array[] = [];
  for (const item of items) {
    const result = encode(item);
    left -= padded(result.length);
    if (left < 0) return null;
    results.push(result);
  }
  return results;
}

/** In their order; the first ones come first where not all of them fit. One that stands twice is encoded once. */
export function boundedResults(results: readonly MeasuredResult[]): Uint8Array[] {
  let left = bytesFor(results.length);
  for (const { size } of results) left -= Math.min(padded(size), TOO_MUCH_BYTES);
  const encoded = new Map<MeasuredResult, Uint8Array>();
  return results.map((result) => {
    const more = Math.max(padded(result.size) - TOO_MUCH_BYTES, 0);
    if (more > left) return TOO_MUCH;
    left -= more;
    const bytes = encoded.get(result) ?? result.encode();
    encoded.set(result, bytes);
    return bytes;
  });
}

/** What is left for the results themselves. */
function bytesFor(count: number): number {
  return LONGEST_RESULTS - HEAD_BYTES - count * RESULT_HEAD_BYTES;
}

function padded(size: number): number {
  return Math.ceil(size / WORD) * WORD;
}
