/** Whom the writer leaves alone for a while, longer after each failure: a person that cannot be looked up, a conversation that is refused. */
import type { SessionClock } from "../messenger/session.js";
import { pauseMs } from "../sending/patience.js";

export interface Pauses {
  /** Whether it is left alone now. */
  has(what: string): boolean;
  failed(what: string): void;
  succeeded(what: string): void;
  /** All may be tried now. How often they failed stays known. */
  end(): void;
  /** Milliseconds until the first one may be tried again; Infinity where none is left alone. */
  untilNextMs(): number;
}

export const AFTER_FAILURE = { firstMs: 1_000, mostMs: 5 * 60_000 };

export function createPauses({ nowMs, chance }: SessionClock): Pauses {
  const failures = new Map<string, { readonly times: number; readonly untilMs: number }>();
  return {
    has: (what) => nowMs() < (failures.get(what)?.untilMs ?? 0),
    failed(what) {
      const times = (failures.get(what)?.times ?? 0) + 1;
      failures.set(what, { times, untilMs: nowMs() + pauseMs(times, AFTER_FAILURE, chance()) });
    },
    succeeded: (what) => void failures.delete(what),
    end() {
      for (const [what, { times }] of failures) failures.set(what, { times, untilMs: 0 });
    },
    untilNextMs() {
      const left = [...failures.values()].map(({ untilMs }) => untilMs - nowMs());
      return Math.min(...left.filter((ms) => ms > 0));
    },
  };
}
