/** How often somebody may do something: so many at once, and so many a second from then on. */

export interface Rate {
  readonly atOnce: number;
  readonly perSec: number;
}

export interface Rates {
  /** Whether it may be done now; then it counts. */
  readonly take: (who: string) => boolean;
}

interface Left {
  readonly count: number;
  readonly atMs: number;
}

/** Of those that did something lately. Whoever is forgotten has the full number again. */
const MOST_REMEMBERED = 20_000;

export function rates({ atOnce, perSec }: Rate, nowMs: () => number): Rates {
  /** The one who did something last stands last. */
  const left = new Map<string, Left>();
  return {
    take: (who) => {
      const now = nowMs();
      const before = left.get(who) ?? { count: atOnce, atMs: now };
      const count = Math.min(atOnce, before.count + ((now - before.atMs) * perSec) / 1000);
      if (count < 1) return false;
      left.delete(who);
      left.set(who, { count: count - 1, atMs: now });
      if (left.size > MOST_REMEMBERED) {
        const [oldest = ""] = left.keys();
        left.delete(oldest);
      }
      return true;
    },
  };
}
