/** Durations counted into the buckets of a histogram: plain numbers, because every lookup is counted. */

/** Upper bounds in seconds: a cached answer takes 20 µs, and after 2.5 s a client has long asked the next gateway. */
export const BOUNDS_SEC = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
] as const;

const BOUNDS_MS = Float64Array.from(BOUNDS_SEC, (bound) => bound * 1000);

export interface DurationCounts {
  /** Counts one duration, in milliseconds. */
  note(durationMs: number): void;
  /** How many were at or below each of `BOUNDS_SEC`. */
  cumulative(): number[];
  readonly count: number;
  readonly sumSec: number;
}

export function durationCounts(): DurationCounts {
  const counts = new Float64Array(BOUNDS_MS.length + 1);
  let count = 0;
  let sumMs = 0;
  return {
    note(durationMs) {
      let bucket = 0;
      while (bucket < BOUNDS_MS.length && durationMs > (BOUNDS_MS[bucket] ?? 0)) bucket++;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      count++;
      sumMs += durationMs;
    },
    cumulative() {
      let sum = 0;
      return BOUNDS_SEC.map((_bound, bucket) => (sum += counts[bucket] ?? 0));
    },
    get count() {
      return count;
    },
    get sumSec() {
      return sumMs / 1000;
    },
  };
}
