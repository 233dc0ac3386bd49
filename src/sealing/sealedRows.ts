/** What a rotation asks of a column of sealed values. Each may throw DATABASE_UNAVAILABLE. */
import type { RowKey, SealedColumn } from "./place.js";

export interface SealedRow {
  readonly row: RowKey;
  readonly sealed: Uint8Array;
}

export interface SealedRows {
  readonly column: SealedColumn;
  /** Throws INTERNAL when the database would let a data key go that a value of this column needs. */
  assertGuarded(): Promise<void>;
  /** At most `limit` values that `dataKey` sealed, in the order of their rows, from behind `after`. */
  page(dataKey: string, after: RowKey | null, limit: number): Promise<readonly SealedRow[]>;
  /** False, and nothing done, when the row does not hold `from` any more. */
  exchange(row: RowKey, from: Uint8Array, to: Uint8Array): Promise<boolean>;
  /** How many values each data key has sealed, by its id. */
  count(): Promise<ReadonlyMap<string, number>>;
}
