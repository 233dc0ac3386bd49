/** Counts for how many answers each signature was, and how long they had waited for it. */
import type { BatchObserver } from "../gateway/answerSigner.js";
import { type DurationCounts, durationCounts } from "./durationCounts.js";
import type { Buckets } from "./publish.js";

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const;

export interface BatchCounts {
  readonly observer: BatchObserver;
  readonly answers: Buckets;
  readonly waits: DurationCounts;
}

export function batchCounts(): BatchCounts {
  const counts = new Float64Array(SIZES.length);
  const waits = durationCounts();
  let count = 0;
  let sum = 0;
  return {
    observer(answers, waitedMs) {
      const bucket = SIZES.findIndex((size) => answers <= size);
      if (bucket !== -1) counts[bucket] = (counts[bucket] ?? 0) + 1;
      count++;
      sum += answers;
      waits.note(waitedMs);
    },
    answers: {
      bounds: SIZES,
      cumulative() {
        let below = 0;
        return Array.from(counts, (inBucket) => (below += inBucket));
      },
      get count() {
        return count;
      },
      get sum() {
        return sum;
      },
    },
    waits,
  };
}
