/** Counts pieces of work that a lookup or a request waits for: questions to the database, signatures. */
import { type ErrorCode, isSignpostError } from "../errors.js";
import { type DurationCounts, durationCounts } from "./durationCounts.js";
import type { WorkObserver } from "./watch.js";

export interface WorkCounts {
  readonly observer: WorkObserver;
  durations(): Iterable<[work: string, counts: DurationCounts]>;
  failures(): Iterable<{ work: string; code: ErrorCode; count: number }>;
}

/** @param isFailure whether a code is a failure; a client's mistake, found inside of a transaction, is none */
export function workCounts(isFailure: (code: ErrorCode) => boolean = () => true): WorkCounts {
  const durations = new Map<string, DurationCounts>();
  const failures = new Map<string, Map<ErrorCode, number>>();

  function durationsOf(work: string): DurationCounts {
    const known = durations.get(work);
    if (known) return known;
    const counts = durationCounts();
    durations.set(work, counts);
    return counts;
  }

  function countFailure(work: string, failure: unknown): void {
    const code = isSignpostError(failure) ? failure.code : "INTERNAL";
    if (!isFailure(code)) return;
    const ofWork = failures.get(work) ?? new Map<ErrorCode, number>();
    ofWork.set(code, (ofWork.get(code) ?? 0) + 1);
    failures.set(work, ofWork);
  }

  return {
    observer(work) {
      const startedMs = performance.now();
      return (failure) => {
        durationsOf(work).note(performance.now() - startedMs);
        if (failure !== undefined) countFailure(work, failure);
      };
    },
    durations: () => durations,
    *failures() {
      for (const [work, codes] of failures) {
        for (const [code, count] of codes) yield { work, code, count };
      }
    },
  };
}
