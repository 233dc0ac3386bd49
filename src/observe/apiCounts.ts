/** Counts requests of the APIs, by method and status. */
import { type DurationCounts, durationCounts } from "./durationCounts.js";
import type { Publisher } from "./publish.js";

const METHODS: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD"]);

export interface ApiCounts {
  /** @param status null when the client went before it was answered */
  readonly note: (method: string, status: number | null, durationMs: number) => void;
  requests(): Iterable<{ method: string; status: string; count: number }>;
  readonly durations: DurationCounts;
}

function apiCounts(): ApiCounts {
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

/** Publishes them, and returns what counts one. */
export function publishApi(publish: Publisher): ApiCounts["note"] {
  const counts = apiCounts();
  publish.counter("signpost_api_requests_total", "Requests of the service API.", function* () {
    for (const { count, ...labels } of counts.requests()) yield { labels, value: count };
  });
  publish.durations("signpost_api_duration_seconds", "How long they took.", () => [
    [{}, counts.durations],
  ]);
  return counts.note;
}
