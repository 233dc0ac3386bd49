/**
 * How much is done in a time, in the memory of this process: a bucket for each limit, which fills evenly and holds as
 * much as the limit allows in one period. Several processes each allow that much.
 */
import type { Clock } from "../../registry/changes/clock.js";

export interface RateLimits {
  /**
   * Takes `count` of the `limit` that a period allows. Null when they were there; otherwise takes nothing, and
   * returns in how many seconds they will be (for more than the limit: never, but then a whole period).
   */
  take(bucket: string, limit: number, periodSec: number, count: number): number | null;
  /** What was used beside what was taken: the next ones wait until all of it came back. */
  owe(bucket: string, count: number): void;
  /** What was taken, and not used after all. */
  giveBack(bucket: string, count: number): void;
}

/** @param mostBuckets how many are kept: beyond it, the one that was used longest ago is forgotten */
export function rateLimits(nowMs: Clock, mostBuckets = Infinity): RateLimits {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return {
    // what is over the limit, the next `take` cuts off
    giveBack(name, count) {
      const bucket = buckets.get(name);
      if (bucket !== undefined) buckets.set(name, { ...bucket, left: bucket.left + count });
    },

    owe(name, count) {
      const bucket = buckets.get(name);
      if (bucket !== undefined) buckets.set(name, { ...bucket, left: bucket.left - count });
    },

    take(name, limit, periodSec, count) {
      const now = nowMs();
      const { left, atMs } = buckets.get(name) ?? { left: limit, atMs: now };
      const perMs = limit / (periodSec * 1000);
      const available = Math.min(limit, left + Math.max(0, now - atMs) * perMs);
      const missing = count - available;
      // the last in the Map's order is the last used
      buckets.delete(name);
      buckets.set(name, { left: missing > 0 ? available : -missing, atMs: now });
      if (buckets.size > mostBuckets) forgetOldest(buckets);
      if (missing <= 0) return null;
      return count > limit ? periodSec : Math.ceil(missing / perMs / 1000);
    },
  };
}

function forgetOldest(buckets: Map<string, unknown>): void {
  for (const name of buckets.keys()) {
    buckets.delete(name);
    return;
  }
}
