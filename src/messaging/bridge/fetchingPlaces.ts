/**
 * Places for fetching long messages. Whoever is fetched from decides how long that takes, so there are fewer of them than accounts that
 * are injected at once, and one sender's domain or one host gets some of them only.
 */
export interface FetchingPlaces {
  /**
   * @param holders on whose account the place is: each of them holds one
   * @returns what gives the place back; null where all are taken, or one of the holders has as many as one may
   */
  readonly take: (holders: readonly string[]) => (() => void) | null;
}

/** Of the eight accounts that are injected at once (injecting.ts), so many may be fetching. */
const AT_ONCE = 4;
const OF_ONE = 2;

export function fetchingPlaces(): FetchingPlaces {
  const held = new Map<string, number>();
  let taken = 0;
  const heldBy = (holder: string) => held.get(holder) ?? 0;

  return {
    take: (named) => {
      const holders = [...new Set(named)];
      if (taken >= AT_ONCE || holders.some((holder) => heldBy(holder) >= OF_ONE)) return null;
      taken++;
      for (const holder of holders) held.set(holder, heldBy(holder) + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        taken--;
        for (const holder of holders) {
          if (heldBy(holder) > 1) held.set(holder, heldBy(holder) - 1);
          else held.delete(holder);
        }
      };
    },
  };
}
