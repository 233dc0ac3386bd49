/** Sends a canary again and again, and remembers what came of the last one. */
import { startRounds } from "../../../health/rounds.js";
import type { CanaryFigures } from "../metrics.js";
import type { CanaryOutcome } from "./sendCanary.js";

export interface CanaryWatch {
  /** Null before the first one. */
  readonly figures: () => CanaryFigures | null;
  /** For /health/ready. The node itself goes on serving: what is broken may be the way to it. */
  readonly warnings: () => readonly string[];
  stop(): Promise<void>;
}

export const NO_CANARY: CanaryWatch = {
  figures: () => null,
  warnings: () => [],
  stop: () => Promise.resolve(),
};

/** The service does not listen yet when its parts start. */
const FIRST_MS = 5_000;

export interface CanaryWatchParts {
  readonly send: (signal: AbortSignal) => Promise<CanaryOutcome>;
  readonly everyMs: number;
  readonly firstMs?: number | undefined;
  readonly nowMs: () => number;
}

export function watchCanary(parts: CanaryWatchParts): CanaryWatch {
  const { send, everyMs, firstMs = FIRST_MS, nowMs } = parts;
  const stopping = new AbortController();
  let last: CanaryOutcome | null = null;
  let well: { readonly tookMs: number; readonly atMs: number } | null = null;
  let isFirst = true;
  const rounds = startRounds(
    async () => {
      if (isFirst) {
        isFirst = false;
        return;
      }
      const outcome = await send(stopping.signal);
      if (stopping.signal.aborted) return;
      last = outcome;
      if (outcome.isWell) well = { tookMs: outcome.tookMs, atMs: nowMs() };
    },
    (done) => (done === 1 ? firstMs : everyMs),
  );
  return {
    figures: () =>
      last && { isWell: last.isWell, tookMs: well?.tookMs ?? null, wellMs: well?.atMs ?? null },
    warnings: () => (last === null || last.isWell ? [] : [last.sentence]),
    stop: () => {
      stopping.abort();
      return rounds.stop();
    },
  };
}
