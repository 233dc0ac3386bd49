/**
 * One step of a mirror behind its primary: what changed, then once the names that are gone, then those that could not be
 * taken. Everything that it does can be done again, so it goes on where it was, whenever it was cut off.
 */
import { isSignpostError } from "../errors.js";
import type { Clock } from "../registry/changes/clock.js";
import { FROM_THE_BEGINNING, type Mirror } from "./mirror.js";
import type { MirrorStore } from "./mirrorStore.js";
import { notFollowed } from "./notFollowed.js";
import type { Primary } from "./primary.js";
import { takeNames, type TakeNamesParts } from "./takeNames.js";

/** Of names that could not be taken. */
const TRIED_AGAIN_MS = 60_000;
const TRIED_AT_ONCE = 100;

export interface FollowParts extends TakeNamesParts {
  readonly primary: Primary;
  readonly store: MirrorStore;
  readonly nowMs: Clock;
}

/**
 * "behind": there is more to read at once. "empty": there is more, but nothing came with this. "lost": another process
 * follows, or the mirror ended.
 */
export type Followed = "behind" | "empty" | "there" | "lost";

/** What a data source serves changes marks of names that are not there, and no feed tells of it: their list is read again. */
export function withGoneUnread({ progress }: Pick<Mirror, "progress">): Pick<Mirror, "progress"> {
  return { progress: { ...progress, goneAfter: null, isGoneRead: false } };
}

/** @param waitSec so long may the primary wait for a change before it answers */
export async function followOnce(
  parts: FollowParts,
  { progress }: Pick<Mirror, "progress">,
  waitSec: number,
): Promise<Followed> {
  const { primary, store, lease, nowMs } = parts;
  const askedAtMs = nowMs();
  const page = await primary.changes(progress.cursor, waitSec).catch((error: unknown) => {
    if (isSignpostError(error, "CURSOR_OUTDATED") && progress.cursor !== null) return null;
    throw error;
  });
  // the primary was restored: what it has now is read from its beginning, and nothing here goes back
  if (page === null) return (await takeNames(parts, [], FROM_THE_BEGINNING)) ? "empty" : "lost";
  const next = { ...progress, cursor: page.next };
  if (!(await takeNames(parts, page.nodes, next))) return "lost";
  if (!page.isEnd) return page.nodes.length > 0 ? "behind" : "empty";
  if (!next.isGoneRead) {
    const { nodes, next: goneAfter } = await primary.gone(next.goneAfter);
    if (goneAfter !== null && goneAfter <= (next.goneAfter ?? "")) {
      throw notFollowed("its list of names that are gone leads to itself");
    }
    const read = { ...next, goneAfter, isGoneRead: goneAfter === null };
    if (!(await takeNames(parts, nodes, read))) return "lost";
    return nodes.length > 0 || goneAfter === null ? "behind" : "empty";
  }
  if (!(await store.noteCaughtUp(lease, nowMs() - askedAtMs))) return "lost";
  const due = await store.problemsDue(lease.domain, TRIED_AGAIN_MS, TRIED_AT_ONCE);
  return (await takeNames(parts, due, null)) ? "there" : "lost";
}
