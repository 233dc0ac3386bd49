import type { FoundProfile } from "./outcome.js";

/** Device clocks are wrong at times; an answer of a gateway is for some minutes. */
const LONGEST_MS = 300_000;

/**
 * Verified profiles, each for as long as every answer that it was made of is valid, by this device's clock, and five
 * minutes at the most. Outcomes that are not found, or with a relay node that was not, are not kept; nor is what no
 * gateway answered, since records on-chain can change at any time.
 */
export interface ProfileCache {
  get(key: string): FoundProfile | null;
  set(key: string, found: FoundProfile): void;
  clear(): void;
}

/**
 * For the option `cache`, one for each chain.
 * @param mostNames the oldest make room
 */
export function createProfileCache({ mostNames = 1000 } = {}): ProfileCache {
  const kept = new Map<string, { found: FoundProfile; untilMs: number }>();
  return {
    get(key) {
      const entry = kept.get(key);
      if (entry === undefined) return null;
      if (performance.now() < entry.untilMs) return entry.found;
      kept.delete(key);
      return null;
    },
    set(key, found) {
      const lifetimeMs = Math.min(lifetimeOf(found) - Date.now(), LONGEST_MS);
      kept.delete(key);
      if (!(lifetimeMs > 0) || mostNames < 1) return;
      const [oldest] = kept.keys();
      if (kept.size >= mostNames && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { found, untilMs: performance.now() + lifetimeMs });
    },
    clear() {
      kept.clear();
    },
  };
}

/** When the first of its answers expires, in milliseconds of Unix time; NaN where one does not tell. */
function lifetimeOf({ expiresAt, relayNodes }: FoundProfile): number {
  const ends = relayNodes.map((node) => (node.status === "found" ? node.expiresAt : null));
  return Math.min(...[expiresAt, ...ends].map((end) => (end === null ? NaN : Date.parse(end))));
}
