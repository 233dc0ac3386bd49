/** When the registrations of the served domains end, asked again every hour, some domains at a time. */
import { domainExpirySec } from "../chain/domainExpiry.js";
import { isSignpostError } from "../errors.js";
import { domainKey, type WatchedDomain } from "./watchedDomain.js";

export interface KnownExpiry {
  readonly domain: string;
  readonly chainId: bigint;
  /** Unix time in seconds, as it was told last; null for a domain that does not expire, or of which nobody told yet. */
  readonly expirySec: bigint | null;
  /** Whether the chain told when it was asked last. */
  readonly isKnown: boolean;
}

interface Asked extends KnownExpiry {
  /** In milliseconds of `performance.now()`. */
  readonly againAtMs: number;
}

/** Questions about a domain are ten at most. */
const DOMAINS_A_ROUND = 10;
const KNOWN_FOR_MS = 60 * 60_000;
const UNKNOWN_FOR_MS = 5 * 60_000;

export class DomainExpiries {
  #asked = new Map<string, Asked>();

  /** Those that were asked about, of the domains of the last round. */
  get known(): readonly KnownExpiry[] {
    return [...this.#asked.values()];
  }

  /**
   * Asks about those that are due, the longest overdue first; nothing more of a chain that does not answer, which would
   * have those of all others wait. Throws nothing but defects.
   */
  async round(domains: readonly WatchedDomain[], nowMs: number): Promise<void> {
    const keys = new Set(domains.map(domainKey));
    for (const key of this.#asked.keys()) if (!keys.has(key)) this.#asked.delete(key);
    const dueAtMs = (domain: WatchedDomain) => this.#asked.get(domainKey(domain))?.againAtMs ?? 0;
    const due = domains
      .filter((domain) => dueAtMs(domain) <= nowMs)
      .sort((one, other) => dueAtMs(one) - dueAtMs(other))
      .slice(0, DOMAINS_A_ROUND);
    const silent = new Set<bigint>();
    for (const watched of due) {
      const { domain, chainId, ens, chain } = watched;
      if (silent.has(chainId)) continue;
      const key = domainKey(watched);
      try {
        const expirySec = await domainExpirySec(chain(), ens, domain);
        const againAtMs = nowMs + KNOWN_FOR_MS;
        this.#asked.set(key, { domain, chainId, expirySec, isKnown: true, againAtMs });
      } catch (error) {
        if (!isSignpostError(error, "UNREACHABLE")) throw error;
        silent.add(chainId);
        // what was told before is still the best that is known
        const expirySec = this.#asked.get(key)?.expirySec ?? null;
        const againAtMs = nowMs + UNKNOWN_FOR_MS;
        this.#asked.set(key, { domain, chainId, expirySec, isKnown: false, againAtMs });
      }
    }
  }
}
