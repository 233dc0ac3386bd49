/** Lookups go first: they are short, and somebody waits for each of them. */

export interface LookupsFirst {
  /** Runs a lookup, before which long work holds back. */
  during<Answer>(lookup: () => Promise<Answer>): Promise<Answer>;
  /** Resolves as soon as no lookup is under way, and after `mostMs` at the latest. */
  untilNone(mostMs: number): Promise<void>;
}

/** One for a process. */
export function lookupsFirst(): LookupsFirst {
  let underWay = 0;
  const waiting = new Set<() => void>();

  function ended(): void {
    underWay--;
    if (underWay > 0) return;
    for (const goOn of waiting) goOn();
  }

  return {
    during: async (lookup) => {
      underWay++;
      try {
        return await lookup();
      } finally {
        ended();
      }
    },
    untilNone: (mostMs) => {
      if (underWay === 0) return Promise.resolve();
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
