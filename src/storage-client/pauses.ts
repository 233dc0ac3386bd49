/** Whom the writer leaves alone for a while, longer after each failure: a person that cannot be looked up, a conversation that is refused. */
import type { SessionClock } from "../messenger/session.js";
import { pauseMs } from "../sending/patience.js";
import { leftMs, type Span } from "../sending/span.js";

export interface Pauses {
  /** Whether it is left alone now. */
  has(what: string): boolean;
  /** Whether it failed when it was tried last. */
  hasFailed(what: string): boolean;
  failed(what: string): void;
  succeeded(what: string): void;
  /** All may be tried now. How often they failed stays known. */
  end(): void;
  /**
   * Milliseconds until the first one may be tried again; Infinity where none is left alone. 0 for one whose pause ended since the
   * last call, which is told once: it may have had its turn before that.
   */
  untilNextMs(): number;
}

export const AFTER_FAILURE = { firstMs: 1_000, mostMs: 5 * 60_000 };

interface Pause extends Span {
  readonly times: number;
  /** Whether it was told that it is over. */
  isTold: boolean;
}

export function createPauses({ nowMs, chance }: SessionClock): Pauses {
  const pauses = new Map<string, Pause>();
  return {
    has(what) {
      const pause = pauses.get(what);
      return pause !== undefined && leftMs(pause, nowMs()) > 0;
    },
    hasFailed: (what) => pauses.has(what),
    failed(what) {
      const times = (pauses.get(what)?.times ?? 0) + 1;
      const lengthMs = pauseMs(times, AFTER_FAILURE, chance());
      pauses.set(what, { times, sinceMs: nowMs(), lengthMs, isTold: false });
    },
    succeeded: (what) => void pauses.delete(what),
    end() {
      for (const [what, pause] of pauses) pauses.set(what, { ...pause, lengthMs: 0, isTold: true });
    },
    untilNextMs() {
      let nextMs = Infinity;
      for (const pause of pauses.values()) {
        if (pause.isTold) continue;
        const ms = leftMs(pause, nowMs());
        pause.isTold = ms === 0;
        nextMs = Math.min(nextMs, ms);
      }
      return nextMs;
    },
  };
}
