/** The long part of a rotation: reads the values of retiring data keys page by page, and seals each anew. */
import { isSignpostError, SignpostError } from "../errors.js";
import type { DataKeys } from "./dataKeys.js";
import type { RowKey, SealedColumn } from "./place.js";
import type { SealedRow, SealedRows } from "./sealedRows.js";
import { type DataKey, dataKeyIdOf, seal, unseal } from "./sealedValue.js";

export interface Moving {
  readonly dataKeys: DataKeys;
  readonly columns: readonly SealedRows[];
  /** The retiring data keys, by their ids. */
  readonly from: ReadonlyMap<string, DataKey>;
  /** Told after each page how many of its values were moved. */
  readonly onMoved: (count: number) => void;
}

interface UnreadableRow {
  readonly column: SealedColumn;
  readonly row: RowKey;
}

/** Rows that stay as they are: altered, or moved to another place. */
export interface UnreadableRows {
  readonly count: number;
  /** The first hundred of them. */
  readonly first: readonly UnreadableRow[];
}

interface Pass {
  moved: number;
  /** Values that somebody else changed meanwhile, or that another rotation took. */
  missed: number;
  unreadable: UnreadableRows;
}

const PAGE_ROWS = 100;
const ROWS_AT_ONCE = 4;
/** In a row, in which values were there and none could be moved. */
const MOST_IDLE_PASSES = 10;
const MOST_SHOWN = 100;

/** Passes over all columns until one finds nothing left to move. Returns the rows that could not be moved. */
export async function moveAll(moving: Moving): Promise<UnreadableRows> {
  for (let idle = 0; idle < MOST_IDLE_PASSES; idle++) {
    const { moved, missed, unreadable } = await passOver(moving);
    if (moved === 0 && missed === 0) return unreadable;
    if (moved > 0) idle = 0;
  }
  throw new SignpostError(
    "INTERNAL",
    "Some secrets kept changing while they were resealed. Run the rotation again.",
  );
}

async function passOver(moving: Moving): Promise<Pass> {
  const pass: Pass = { moved: 0, missed: 0, unreadable: { count: 0, first: [] } };
  for (const rows of moving.columns) {
    for (const dataKey of moving.from.keys()) {
      let page: readonly SealedRow[] = await rows.page(dataKey, null, PAGE_ROWS);
      while (page.length > 0) {
        await movePage(moving, rows, page, pass);
        page = await rows.page(dataKey, page.at(-1)?.row ?? null, PAGE_ROWS);
      }
    }
  }
  return pass;
}

async function movePage(
  moving: Moving,
  rows: SealedRows,
  page: readonly SealedRow[],
  pass: Pass,
): Promise<void> {
  // asked anew for each page: another rotation may have retired the one before
  const to = await moving.dataKeys.toSeal(page.length);
  const before = pass.moved;
  for (let at = 0; at < page.length; at += ROWS_AT_ONCE) {
    await Promise.all(
      page.slice(at, at + ROWS_AT_ONCE).map((row) => moveRow(moving, rows, row, to, pass)),
    );
  }
  moving.onMoved(pass.moved - before);
}

async function moveRow(
  { dataKeys, from }: Moving,
  rows: SealedRows,
  { row, sealed }: SealedRow,
  to: DataKey,
  pass: Pass,
): Promise<void> {
  const again = sealedAgain(rows.column, { row, sealed }, from, to);
  if (again === null) {
    const { count, first } = pass.unreadable;
    const shown = first.length < MOST_SHOWN ? [...first, { column: rows.column, row }] : first;
    pass.unreadable = { count: count + 1, first: shown };
    return;
  }
  try {
    if (await rows.exchange(row, sealed, again)) pass.moved++;
    else pass.missed++;
  } catch (error) {
    // another rotation has already dropped the key that this one moved to
    if (!(await dataKeys.isDropped(to.id).catch(() => false))) throw error;
    pass.missed++;
  }
}

/** Null when it cannot be opened. */
function sealedAgain(
  column: SealedColumn,
  { row, sealed }: SealedRow,
  from: ReadonlyMap<string, DataKey>,
  to: DataKey,
): Uint8Array | null {
  try {
    const dataKey = from.get(dataKeyIdOf(sealed));
    if (dataKey === undefined) return null;
    const secret = unseal(dataKey, { column, row }, sealed);
    const again = seal(to, { column, row }, secret);
    secret.fill(0);
    return again;
  } catch (error) {
    if (!isSignpostError(error, "SECRET_UNREADABLE")) throw error;
    return null;
  }
}
