/** When the next message of an outbox is due: asked once in a second, however many messages are sent in it. */
import type { Outbox } from "./outbox.js";

/** How long it counts what the outbox said of the next message. What other processes did since is seen when that is over. */
const NEXT_KNOWN_MS = 1_000;

export interface NextDue {
  /** In milliseconds from now. @param isChanged whether what the outbox said does not count any more */
  readonly untilNext: (isChanged: boolean) => Promise<number>;
  readonly forget: () => void;
}

const NOT_ASKED = { dueMs: Infinity, askedMs: -Infinity };

/** @param clock Unix time in milliseconds */
export function nextDue(outbox: Pick<Outbox, "nextDueMs">, clock: () => number): NextDue {
  /** When the next message is due, and when the outbox said so. */
  let next = NOT_ASKED;
  return {
    async untilNext(isChanged) {
      const nowMs = clock();
      const sinceMs = nowMs - next.askedMs;
      // what was due before was leased meanwhile
      const isKnown = sinceMs >= 0 && sinceMs < NEXT_KNOWN_MS && next.dueMs > nowMs;
      if (isKnown && !isChanged) return Math.min(next.dueMs - nowMs, NEXT_KNOWN_MS - sinceMs);
      const asked = { dueMs: Infinity, askedMs: clock() };
      next = asked;
      // where somebody looks again meanwhile, another one is in its place
      asked.dueMs = (await outbox.nextDueMs()) ?? Infinity;
      return asked.dueMs - clock();
    },
    forget: () => {
      next = NOT_ASKED;
    },
  };
}
