/** Rows that are not asked for again within a time that the service chose. Its own rows are all that may be older than a second. */
import type { FoundRow, GatheredRows } from "./gatheredRows.js";

/** In characters, of all rows that are remembered of one source. */
const MOST_REMEMBERED = 4 * 1024 * 1024;
/** Of an entry of the map, and of a row's own maps. */
const OVERHEAD = 500;

export interface RememberedRows extends GatheredRows {
  /** Asks now, whatever is remembered. */
  readonly askAgain: GatheredRows["rowOf"];
}

/** @param freshMs how long a row may be given again; within a second answers are remembered as a whole anyway */
export function rememberedRows(
  rows: GatheredRows,
  freshMs: number,
  nowMs: () => number,
): RememberedRows {
  if (freshMs <= 1000) return { rowOf: rows.rowOf, askAgain: rows.rowOf };
  // in the order in which they came, the oldest first
  const remembered = new Map<
    string,
    {
      readonly row: FoundRow;
      readonly atMs: number;
      readonly question: number;
      readonly size: number;
    }
  >();
  let size = 0;
  let questions = 0;

  function forget(label: string): void {
    size -= remembered.get(label)?.size ?? 0;
    remembered.delete(label);
  }

  async function askAgain(label: string): Promise<FoundRow> {
    // a row is as old as the question
    const atMs = nowMs();
    const question = ++questions;
    const row = await rows.rowOf(label);
    // a later question has overtaken this one
    if ((remembered.get(label)?.question ?? 0) > question) return row;
    forget(label);
    const own = label.length + sizeOf(row) + OVERHEAD;
    remembered.set(label, { row, atMs, question, size: own });
    size += own;
    for (const oldest of remembered.keys()) {
      if (size <= MOST_REMEMBERED) break;
      forget(oldest);
    }
    return row;
  }

  return {
    askAgain,
    rowOf: async (label) => {
      const known = remembered.get(label);
      const ageMs = known ? nowMs() - known.atMs : -1;
      return known && ageMs >= 0 && ageMs < freshMs ? known.row : askAgain(label);
    },
  };
}

function sizeOf(row: FoundRow): number {
  if (row === null || typeof row === "string") return 0;
  const { wallet, profile, contenthash, texts, addresses } = row;
  const values = [wallet, profile, contenthash, ...[...texts, ...addresses].flat()];
  return values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
}
