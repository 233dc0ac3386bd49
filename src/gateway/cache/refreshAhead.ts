/**
 * Refresh-ahead: answers that are in demand are validated before they are stale, many of them together. So a thousand
 * popular names cost the database some ten reads a second instead of a thousand, and no client waits for one. What
 * nobody asks for is not validated, and becomes stale.
 */

/** The age from which an answer is due: what is left of its second is enough for a read, and to wait for others. */
const DUE_MS = 800;
/** Those that become due within this are validated together. */
const GATHER_MS = 50;
const MOST_TOGETHER = 64;

export interface Refreshable {
  /** When it was last known to be true, in milliseconds of Unix time. */
  validatedAtMs: number;
  isBeingRefreshed: boolean;
}

export interface RefreshAhead<Answer extends Refreshable> {
  /** To be called for each fresh answer that is given. */
  used(answer: Answer, atMs: number): void;
}

/** @param isCurrent called for all of a group in one turn of the event loop */
export function refreshAhead<Answer extends Refreshable>(
  isCurrent: (answer: Answer) => Promise<boolean>,
  nowMs: () => number,
): RefreshAhead<Answer> {
  let due: Answer[] = [];
  let gatheringSinceMs = 0;

  async function refresh(answer: Answer): Promise<void> {
    const askedAtMs = nowMs();
    try {
      if (await isCurrent(answer)) answer.validatedAtMs = Math.max(answer.validatedAtMs, askedAtMs);
    } catch {
      // the next lookup of the stale answer asks again, and is told why that fails
    } finally {
      answer.isBeingRefreshed = false;
    }
  }

  function refreshAll(): void {
    const group = due;
    due = [];
    for (const each of group) void refresh(each);
  }

  return {
    used(answer, atMs) {
      if (!answer.isBeingRefreshed && atMs - answer.validatedAtMs >= DUE_MS) {
        answer.isBeingRefreshed = true;
        if (due.length === 0) gatheringSinceMs = atMs;
        due.push(answer);
      }
      if (due.length === 0) return;
      if (due.length >= MOST_TOGETHER || atMs - gatheringSinceMs >= GATHER_MS) refreshAll();
    },
  };
}
