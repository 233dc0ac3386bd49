/**
 * Pages of what a storage keeps, one after the other as they are taken; within bounds, whatever it answers. `wasNew` is asked, behind each
 * page, whether that had anything which was not known.
 */
import type { Account } from "./connection.js";
import type { ConversationRow, MessageRow } from "./storageRows.js";

/** Rows of one request. */
const PAGE = 50;
const MOST_PAGES = 20_000;
/** Pages in a row without anything new. While they are read by numbers, rows move behind, and come again: so many are no end yet. */
const MOST_STALE = 10;
/** Of a storage where conversations change all the time. */
const MOST_PASSES = 5;

/**
 * The conversation that changed last comes first. More than one page is read again, as far as something changed meanwhile: that is in
 * front, where it was not when the front was read.
 */
export async function* conversationPages(
  { at }: Account,
  wasNew: () => boolean,
): AsyncGenerator<readonly ConversationRow[], void> {
  let beforeMs: number | undefined;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const isOver = endOfNews(wasNew);
    let newestMs: number | undefined;
    for (let offset = 0; offset < MOST_PAGES; offset++) {
      const page = { pageSize: PAGE, offset };
      const rows = await at((api, token) => api.conversations(token, page));
      newestMs ??= rows[0]?.updatedMs;
      yield rows;
      const isLast = rows.length < PAGE;
      if (isLast && offset === 0 && pass === 0) return;
      const isAsBefore = beforeMs !== undefined && (rows.at(-1)?.updatedMs ?? 0) < beforeMs;
      if (isLast || isAsBefore || isOver()) break;
    }
    if (newestMs === beforeMs) return;
    beforeMs = newestMs;
  }
}

/** The newest message comes first. By cursor each row comes once: they end where one comes again, however little was new. */
export async function* messagePages(
  { at }: Account,
  sealedName: string,
  wasNew: () => boolean,
): AsyncGenerator<readonly MessageRow[], void> {
  const isOver = endOfNews(wasNew);
  const cursors = new Set<string>();
  let before = "";
  for (let offset = 0; offset < MOST_PAGES; offset++) {
    const page = { pageSize: PAGE, offset };
    const { rows, next } = await at((api, token) => api.messages(token, sealedName, page, before));
    yield rows;
    // by cursor a page may be short and another one come
    if (next === null ? rows.length < PAGE || isOver() : cursors.has(next) || rows.length === 0)
      return;
    before = next ?? "";
    cursors.add(before);
  }
}

function endOfNews(wasNew: () => boolean): () => boolean {
  let stale = 0;
  return () => {
    stale = wasNew() ? 0 : stale + 1;
    return stale === MOST_STALE;
  };
}
