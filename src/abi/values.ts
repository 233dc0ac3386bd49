/**
 * A sequence of ABI values: the head holds one word a value, static values themselves and offsets of dynamic
 * ones; the tail holds the dynamic values in order.
 *
 *   head  | word 0 | word 1 | ... |      static value, or offset of its tail counted from the head's start
 *   tail  | dynamic value | dynamic value | ...
 *
 * The whole is measured first and then written into one buffer, which is where the speed comes from.
 */
import type { AbiType } from "./abiType.js";
import { sizeAt, WORD, writeSize } from "./word.js";

/** How many bytes the values take, tails included. Throws INTERNAL for a value that is not of its type. */
export function sizeOfValues(types: readonly AbiType[], values: readonly unknown[]): number {
  let size = types.length * WORD;
  for (const [index, type] of types.entries()) {
    const valueSize = type.size(values[index]);
    if (type.dynamic) size += valueSize;
  }
  return size;
}

/** Writes values whose size was asked before into zeros at `start`, and returns that size. */
export function writeValues(
  types: readonly AbiType[],
  values: readonly unknown[],
  target: Uint8Array,
  start: number,
): number {
  let tail = types.length * WORD;
  for (const [index, type] of types.entries()) {
    const head = start + index * WORD;
    if (type.dynamic) {
      writeSize(target, head, tail);
      tail += type.write(values[index], target, start + tail);
    } else {
      type.write(values[index], target, head);
    }
  }
  return tail;
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
