/** Lookups go first: they are short, and somebody waits for each of them. */

/** One that takes longer waits for a database: its own, or a service's. Then nobody else has to wait for it. */
const LONGEST_MS = 50;

export interface LookupsFirst {
  /** Runs a lookup, before which long work holds back. */
  during<Answer>(lookup: () => Promise<Answer>): Promise<Answer>;
  /** Resolves as soon as no lookup is under way, and after `mostMs` at the latest. */
  untilNone(mostMs: number): Promise<void>;
}

/**
 * One for a process.
 * @param nowMs a clock, in milliseconds; only its differences count
 */
export function lookupsFirst(nowMs = () => performance.now()): LookupsFirst {
  /** When each of those that count began, the oldest first. */
  const underWay = new Map<object, number>();
  const waiting = new Set<() => void>();

  function ended(one: object): void {
    underWay.delete(one);
    if (underWay.size > 0) return;
    for (const goOn of waiting) goOn();
  }

  function dropLong(): void {
    const oldestMs = nowMs() - LONGEST_MS;
    for (const [one, sinceMs] of underWay) {
      if (sinceMs > oldestMs) return;
      underWay.delete(one);
    }
  }

  return {
    during: async (lookup) => {
      const one = {};
      underWay.set(one, nowMs());
      try {
        return await lookup();
      } finally {
        ended(one);
      }
    },
    untilNone: (mostMs) => {
      dropLong();
      if (underWay.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const goOn = () => {
          clearTimeout(timer);
          waiting.delete(goOn);
          resolve();
        };
        const timer = setTimeout(goOn, mostMs);
        waiting.add(goOn);
      });
    },
  };
}

/** For work that knows of no lookups. */
export const noLookups: Pick<LookupsFirst, "untilNone"> = { untilNone: () => Promise.resolve() };
