/**
 * A sequence of ABI values: the head holds one word a value, static values themselves and offsets of dynamic
 * ones; the tail holds the dynamic values in order.
 *
 *   head  | word 0 | word 1 | ... |      static value, or offset of its tail counted from the head's start
 *   tail  | dynamic value | dynamic value | ...
 */
import type { AbiType } from "./abiType.js";
import { WORD, numberWord, sizeAt } from "./word.js";

export function encodeValues(types: readonly AbiType[], values: readonly unknown[]): Uint8Array {
  const parts = types.map((type, index) => type.encode(values[index]));
  const headLength = types.length * WORD;
  const tailLength = parts.reduce(
    (sum, part, index) => (types[index]?.dynamic ? sum + part.length : sum),
    0,
  );
  const encoded = new Uint8Array(headLength + tailLength);
  let tail = headLength;
  parts.forEach((part, index) => {
    if (types[index]?.dynamic) {
      encoded.set(numberWord(tail), index * WORD);
      encoded.set(part, tail);
      tail += part.length;
    } else {
      encoded.set(part, index * WORD);
    }
  });
  return encoded;
}

/** Reads values whose head begins at `start`. Throws INVALID_CALL_DATA. */
export function decodeValues(
  types: readonly AbiType[],
  data: Uint8Array,
  start: number,
): unknown[] {
  return types.map((type, index) => {
    const head = start + index * WORD;
    return type.decode(data, type.dynamic ? start + sizeAt(data, head) : head);
  });
}
