/**
 * How long heavy work may hold up the process: verifying a batch of profiles takes seconds, in which a lookup must still
 * have its turn within milliseconds.
 */
import { setImmediate } from "node:timers/promises";
import type { Pause } from "../../registry/changes/clock.js";

/** Of one turn of the event loop, for all heavy work together. A lookup needs about five turns. */
const SLICE_MS = 1;

/**
 * One for a process. Whoever has much to do awaits the pause between small pieces of it: it returns at once while the
 * slice of this turn lasts, and in a later turn otherwise. Of several, one works in each turn, in the order in which
 * they came.
 */
export function timeSlices(sliceMs = SLICE_MS, nowMs = () => performance.now()): Pause {
  let workingSinceMs: number | null = null;
  let last: Promise<void> = Promise.resolve();

  return () => {
    if (workingSinceMs !== null && nowMs() - workingSinceMs < sliceMs) return Promise.resolve();
    const turn = last.then(async () => {
      await setImmediate();
      workingSinceMs = nowMs();
    });
    last = turn;
    return turn;
  };
}
