/** The values that a rotation cannot seal anew. */
import type { RowKey, SealedColumn } from "./place.js";
import type { SealedRows } from "./sealedRows.js";

interface UnreadableRow {
  readonly column: SealedColumn;
  readonly row: RowKey;
}

/** Rows that stay as they are: altered, moved to another place, or sealed by a data key that cannot be opened. */
export interface UnreadableRows {
  readonly count: number;
  /** The first hundred of them. */
  readonly first: readonly UnreadableRow[];
}

export const NONE_UNREADABLE: UnreadableRows = { count: 0, first: [] };

const MOST_SHOWN = 100;

/** @param count how many `rows` stand for, where those are the first of more */
export function withRows(
  unreadable: UnreadableRows,
  rows: readonly UnreadableRow[],
  count = rows.length,
): UnreadableRows {
  const room = MOST_SHOWN - unreadable.first.length;
  return {
    count: unreadable.count + count,
    first: [...unreadable.first, ...rows.slice(0, room)],
  };
}

/** `unreadable`, and the values in `columns` that the data keys with these ids sealed. Throws DATABASE_UNAVAILABLE. */
export async function withValuesOf(
  dataKeys: readonly string[],
  columns: readonly SealedRows[],
  unreadable: UnreadableRows,
): Promise<UnreadableRows> {
  if (dataKeys.length === 0) return unreadable;
  let all = unreadable;
  for (const rows of columns) {
    const counts = await rows.count();
    for (const dataKey of dataKeys) {
      const count = counts.get(dataKey) ?? 0;
      const page = count === 0 ? [] : await rows.page(dataKey, null, MOST_SHOWN);
      const { column } = rows;
      all = withRows(
        all,
        page.map(({ row }) => ({ column, row })),
        count,
      );
    }
  }
  return all;
}
