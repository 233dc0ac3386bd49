/** Sends a canary again and again, and remembers what came of the last one. */
import { startRoundsByPause } from "./rounds.js";

export interface CanaryOutcome {
  readonly isWell: boolean;
  readonly tookMs: number;
  /** For people: where it ended. */
  readonly sentence: string;
}

export interface CanaryFigures {
  readonly isWell: boolean;
  /** How long the last one that came back took. */
  readonly tookMs: number | null;
  /** When that was; Unix milliseconds. */
  readonly wellMs: number | null;
}

export interface CanaryWatch {
  /** Null before the first one. */
  readonly figures: () => CanaryFigures | null;
  /** For /health/ready. The process itself goes on serving: what is broken may be the way to it. */
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

export interface CanaryPlan {
  /** Never throws, and takes a bounded time. Null where it is not for this process to send one now: then nothing is told either. */
  readonly send: (signal: AbortSignal) => Promise<CanaryOutcome | null>;
  readonly everyMs: number;
}

export interface CanaryWatchParts extends CanaryPlan {
  readonly firstMs?: number | undefined;
  readonly nowMs: () => number;
}

export function watchCanary(parts: CanaryWatchParts): CanaryWatch {
  const { send, everyMs, firstMs = FIRST_MS, nowMs } = parts;
  const stopping = new AbortController();
  let last: CanaryOutcome | null = null;
  let well: { readonly tookMs: number; readonly atMs: number } | null = null;
  const rounds = startRoundsByPause(
    async () => {
      const outcome = await send(stopping.signal);
      if (stopping.signal.aborted) return;
      last = outcome;
      if (outcome?.isWell === true) well = { tookMs: outcome.tookMs, atMs: nowMs() };
    },
    (done) => (done === 0 ? firstMs : everyMs),
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
