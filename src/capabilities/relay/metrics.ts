/** Numbers of the relay node. */
import type { ErrorCode, SignpostError } from "../../errors.js";
import { type DurationCounts, durationCounts } from "../../observe/durationCounts.js";
import type { Publisher } from "../../observe/publish.js";

export interface SubmitCounts {
  readonly note: (refused: SignpostError | null, durationMs: number) => void;
  readonly publish: (publish: Publisher, live: () => number) => void;
}

export function submitCounts(): SubmitCounts {
  const results = new Map<ErrorCode | "accepted", number>();
  const durations: DurationCounts = durationCounts();
  return {
    note: (refused, durationMs) => {
      const result = refused?.code ?? "accepted";
      results.set(result, (results.get(result) ?? 0) + 1);
      durations.note(durationMs);
    },
    publish: (publish, live) => {
      publish.counter(
        "signpost_relay_submits_total",
        "Submitted envelopes, by what came of them.",
        function* () {
          for (const [result, value] of results) yield { labels: { result }, value };
        },
      );
      publish.durations("signpost_relay_submit_duration_seconds", "How long submits took.", () => [
        [{}, durations],
      ]);
      publish.gauge("signpost_relay_live_connections", "Live connections.", "sum", () => [
        { value: live() },
      ]);
    },
  };
}
