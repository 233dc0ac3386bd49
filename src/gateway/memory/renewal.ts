/**
 * Looks ahead for answers that are asked for all the time: before their second is over, many of them are looked up
 * again together. So a thousand popular names cost the database some ten reads a second instead of a thousand, and
 * nobody waits for one. What is not asked for is not looked up, and simply grows old.
 */

/** When an answer is worth another look: the rest of its second is enough for one, and for waiting for others. */
const DUE_MS = 800;
/** Those that become due within this are looked up together. */
const GATHER_MS = 50;
const MOST_TOGETHER = 64;

export interface Renewable {
  /** When it was last known to be true, in milliseconds of Unix time. */
  trueAtMs: number;
  isBeingRenewed: boolean;
}

export interface Renewal<Answer extends Renewable> {
  /** Told of each answer that is given as it is, and when. */
  given(answer: Answer, atMs: number): void;
}

/** @param isStillTrue asked of all of a group in one turn of the event loop */
export function renewal<Answer extends Renewable>(
  isStillTrue: (answer: Answer) => Promise<boolean>,
  nowMs: () => number,
): Renewal<Answer> {
  let due: Answer[] = [];
  let gatheringSinceMs = 0;

  async function renew(answer: Answer): Promise<void> {
    const askedAtMs = nowMs();
    try {
      if (await isStillTrue(answer)) answer.trueAtMs = Math.max(answer.trueAtMs, askedAtMs);
    } catch {
      // whoever asks when the second is over asks again, and is told why not
    } finally {
      answer.isBeingRenewed = false;
    }
  }

  function renewAll(): void {
    const group = due;
    due = [];
    for (const each of group) void renew(each);
  }

  return {
    given(answer, atMs) {
      if (!answer.isBeingRenewed && atMs - answer.trueAtMs >= DUE_MS) {
        answer.isBeingRenewed = true;
        if (due.length === 0) gatheringSinceMs = atMs;
        due.push(answer);
      }
      if (due.length === 0) return;
      if (due.length >= MOST_TOGETHER || atMs - gatheringSinceMs >= GATHER_MS) renewAll();
    },
  };
}
