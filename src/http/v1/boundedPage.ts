/**
 * Pages of a bounded size: a hundred names of the largest kind would be 60 MB. What is listed is read, and written as
 * JSON, few at a time, until the page is full; the next page goes on from there. Routes that send one say `sendsPage`.
 */
import type { Response } from "express";
import type { Pause } from "../../registry/changes/clock.js";

/** A page ends with the item that takes it over this. */
const FULL_BYTES = 1024 * 1024;

/** Ten of the largest names are 6 MB in memory; ten of usual ones take a millisecond. */
const MOST_READ_AT_ONCE = 10;
/** Until it is known how large they are. */
const FIRST_READ = 2;

export interface Cursor<After> {
  readonly after: After;
  readonly limit: number;
}

interface Listed<After> {
  /** For the cursor of what follows. */
  readonly after: After;
  /** Returns what JSON.stringify takes. */
  readonly describe: () => unknown;
}

interface Piece<After> {
  readonly items: readonly Listed<After>[];
  /** Behind the last item; null where there is no more. */
  readonly next: After | null;
}

export interface FilledPage<After> {
  /** In JSON. */
  readonly items: readonly string[];
  readonly next: After | null;
  /** Whether it ended before all that was read of it. */
  readonly isCut: boolean;
}

/** Answers `{[list]: items, next}`. `next` is null on the last page, which may be the only one with fewer than asked for. */
export async function sendPage<After>(
  response: Response,
  list: string,
  cursor: Cursor<After>,
  read: (cursor: Cursor<After>) => Promise<Piece<After>>,
  pause: Pause,
): Promise<void> {
  const { items, next } = await fillPage(cursor, read, pause);
  response
    .type("json")
    .send(`{${JSON.stringify(list)}:[${items.join()}],"next":${JSON.stringify(next)}}`);
}

export async function fillPage<After>(
  { after, limit }: Cursor<After>,
  read: (cursor: Cursor<After>) => Promise<Piece<After>>,
  pause: Pause,
): Promise<FilledPage<After>> {
  const items: string[] = [];
  let bytes = 0;
  let next: After | null = after;
  let isCut = false;
  while (next !== null && items.length < limit && bytes < FULL_BYTES) {
    const asked = Math.min(howManyFit(items.length, bytes), limit - items.length);
    // what comes is parsed in one piece
    await pause();
    const piece: Piece<After> = await read({ after: next, limit: asked });
    next = piece.next;
    for (const [index, item] of piece.items.entries()) {
      // one of the largest takes milliseconds
      await pause();
      const json = JSON.stringify(item.describe());
      bytes += Buffer.byteLength(json);
      items.push(json);
      if (bytes < FULL_BYTES || index === piece.items.length - 1) continue;
      next = item.after;
      isCut = true;
      break;
    }
    // what is searched for may be rare: the next page goes on with the search
    if (piece.items.length < asked) break;
  }
  return { items, next, isCut };
}

/** If they go on as those that were read already: more would be read, and thrown away. */
function howManyFit(read: number, bytes: number): number {
  if (read === 0) return FIRST_READ;
  return Math.min(MOST_READ_AT_ONCE, Math.ceil((FULL_BYTES - bytes) / (bytes / read)));
}
