/** Counts requests of the service API, by method and status. */
import { type DurationCounts, durationCounts } from "./durationCounts.js";

const METHODS: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD"]);

export interface ApiCounts {
  /** @param status null when the client went before it was answered */
  note(method: string, status: number | null, durationMs: number): void;
  requests(): Iterable<{ method: string; status: string; count: number }>;
  readonly durations: DurationCounts;
}

export function apiCounts(): ApiCounts {
  const counts = new Map<string, { method: string; status: string; count: number }>();
  const durations = durationCounts();
  return {
    note(givenMethod, givenStatus, durationMs) {
      // clients invent methods
      const method = METHODS.has(givenMethod) ? givenMethod : "other";
      const status = givenStatus?.toString() ?? "aborted";
      const key = `${method} ${status}`;
      const known = counts.get(key) ?? { method, status, count: 0 };
      known.count++;
      counts.set(key, known);
      durations.note(durationMs);
    },
    requests: () => counts.values(),
    durations,
  };
}
