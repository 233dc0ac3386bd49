/**
 * How long heavy work may hold up the process: verifying a batch of profiles takes seconds, in which a lookup must still
 * have its turn within milliseconds.
 */
import { setImmediate } from "node:timers/promises";
import type { Pause } from "../../registry/changes/clock.js";
import { type LookupsFirst, noLookups } from "./lookupsFirst.js";

/** Of one turn of the event loop, for all heavy work together. A lookup needs about five turns. */
const SLICE_MS = 1;

/**
 * Lookups go first for so many times as long as the piece before has taken: where they never end, heavy work still has a
 * quarter of the time.
 */
const TIMES_FOR_LOOKUPS = 3;
/** Whoever had the last slice may have ended long ago. */
const LONGEST_PIECE_MS = 10;

export interface SliceOptions {
  readonly lookups?: Pick<LookupsFirst, "untilNone">;
  readonly sliceMs?: number;
  /** A clock, in milliseconds; only its differences count. */
  readonly nowMs?: () => number;
}

/**
 * One for a process. Whoever has much to do awaits the pause between small pieces of it: it returns at once while the
 * slice of this turn lasts, and otherwise in a later turn, behind the lookups that are under way. Of several, one works in
 * each turn, in the order in which they came.
 */
export function timeSlices({
  lookups = noLookups,
  sliceMs = SLICE_MS,
  nowMs = () => performance.now(),
}: SliceOptions = {}): Pause {
  let workingSinceMs: number | null = null;
  let last: Promise<void> = Promise.resolve();

  return () => {
    const workedMs = workingSinceMs === null ? 0 : nowMs() - workingSinceMs;
    if (workingSinceMs !== null && workedMs < sliceMs) return Promise.resolve();
    const turn = last.then(async () => {
      await setImmediate();
      await lookups.untilNone(TIMES_FOR_LOOKUPS * Math.min(workedMs, LONGEST_PIECE_MS));
      workingSinceMs = nowMs();
    });
    last = turn;
    return turn;
  };
}
