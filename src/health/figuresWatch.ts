/** Knows what a whole database holds, as it was a minute ago, or longer where it takes long to find out. */
import type { ReportFailure } from "../http/refuse.js";
import { toSignpostError } from "../http/shownError.js";
import { startRounds } from "./rounds.js";

export interface FiguresWatch<Figures> {
  /** Null where it is not known. */
  readonly figures: () => Figures | null;
  stop(): Promise<void>;
}

const PAUSE_MS = 60_000;
/** So that a database with very many accounts is busy with it for a hundredth of its time. */
const PAUSE_FACTOR = 100;

export function watchFigures<Figures>(
  read: () => Promise<Figures>,
  reportFailure: ReportFailure,
): FiguresWatch<Figures> {
  let known: Figures | null = null;
  let tookMs = 0;
  const round = async () => {
    const startedMs = performance.now();
    try {
      known = await read();
    } catch (error) {
      known = null;
      reportFailure(toSignpostError(error));
    }
    tookMs = performance.now() - startedMs;
  };
  const rounds = startRounds(round, () => Math.max(PAUSE_MS, tookMs * PAUSE_FACTOR));
  return { figures: () => known, stop: () => rounds.stop() };
}
