/**
 * Looks, a few at a time, whether published names are hidden by registry entries of their own: those that were written
 * just now first, then all others, again and again, since an entry may come at any time. Domains take turns with each
 * round, so that none waits until all names of a large one were looked at.
 */
import { type HiddenName, hiddenNames } from "../chain/hiddenNames.js";
import { isWithin } from "../ens/hierarchy.js";
import { isSignpostError } from "../errors.js";
import type { NameStore } from "../registry/store.js";
import { domainKey, type WatchedDomain } from "./watchedDomain.js";

export interface DomainsHidden {
  readonly domain: string;
  readonly chainId: bigint;
  /** Found since the pass before the present one. */
  readonly hidden: readonly HiddenName[];
}

interface Looked {
  readonly domain: string;
  readonly chainId: bigint;
  /** Names by the pass in which they were seen last. */
  readonly hidden: Map<string, { readonly name: HiddenName; readonly pass: number }>;
  /** Passes that are complete. */
  passes: number;
  /** The name behind which the present pass goes on. */
  after: string;
  /** Whether the chain answered about every name of the present pass. */
  isWhole: boolean;
}

/** At a minute a round, some 29,000 names a day: one question to the chain each in the usual case. */
const NAMES_A_ROUND = 20;
/** The others go on, however much is written. */
const WRITTEN_A_ROUND = 10;
/** Domains with few names. */
const DOMAINS_A_ROUND = 10;
/** Written names that wait for a round; beyond, they wait for their turn among all. */
const MOST_WAITING = 1000;
/** Kept of a domain; nobody corrects more at a time. */
const MOST_KEPT = 1000;

export class HiddenNamesSweep {
  readonly #waiting = new Set<string>();
  #looked = new Map<string, Looked>();
  /** Whose turn it is, counted through the domains. */
  #turn = 0;

  constructor(private readonly names: Pick<NameStore, "namesOfDomain">) {}

  noteWritten(name: string): void {
    if (this.#waiting.size < MOST_WAITING) this.#waiting.add(name);
  }

  /** Of domains all of whose names were looked at, or of which a hidden one is known. */
  get found(): readonly DomainsHidden[] {
    return [...this.#looked.values()]
      .filter(({ passes, hidden }) => passes > 0 || hidden.size > 0)
      .map(({ domain, chainId, hidden }) => ({
        domain,
        chainId,
        hidden: [...hidden.values()].map(({ name }) => name),
      }));
  }

  /** Throws DATABASE_UNAVAILABLE; a chain that does not answer leaves its names to the next pass. */
  async round(domains: readonly WatchedDomain[]): Promise<void> {
    this.#looked = new Map(
      domains.map((watched) => [domainKey(watched), this.#lookedOf(watched)] as const),
    );
    let left = NAMES_A_ROUND - (await this.#lookAtWritten(domains));
    const most = Math.min(DOMAINS_A_ROUND, domains.length);
    for (let count = 0; count < most && left > 0; count++) {
      const watched = domains[this.#turn++ % domains.length];
      if (watched) left -= await this.#lookAtNext(watched, left);
    }
  }

  /** Goes on with the domain's pass. How many names were looked at. */
  async #lookAtNext(watched: WatchedDomain, limit: number): Promise<number> {
    const looked = this.#lookedOf(watched);
    const { after } = looked;
    const page = await this.names.namesOfDomain(watched.domain, { prefix: "", after, limit });
    const names = page.items.map(({ name }) => name);
    const isAnswered = await this.#look(watched, names);
    looked.isWhole &&= isAnswered;
    looked.after = page.next ?? "";
    if (page.next === null) {
      if (looked.isWhole) finishPass(looked);
      looked.isWhole = true;
    }
    return names.length;
  }

  /** How many were looked at, on each chain of their domain. */
  async #lookAtWritten(domains: readonly WatchedDomain[]): Promise<number> {
    const written = [...this.#waiting].slice(0, WRITTEN_A_ROUND);
    for (const name of written) this.#waiting.delete(name);
    for (const watched of domains) {
      const below = written.filter((name) => isNearest(name, watched.domain, domains));
      if (below.length > 0) await this.#look(watched, below);
    }
    return written.length;
  }

  /** False when the chain did not answer. */
  async #look(watched: WatchedDomain, names: readonly string[]): Promise<boolean> {
    const looked = this.#lookedOf(watched);
    try {
      const found = await hiddenNames(watched.chain(), watched.ens, watched, names);
      for (const name of names) looked.hidden.delete(name);
      for (const name of found) {
        if (looked.hidden.size >= MOST_KEPT) break;
        looked.hidden.set(name.name, { name, pass: looked.passes });
      }
      return true;
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE")) throw error;
      return false;
    }
  }

  #lookedOf(watched: WatchedDomain): Looked {
    const { domain, chainId } = watched;
    const known = this.#looked.get(domainKey(watched));
    return known ?? { domain, chainId, hidden: new Map(), passes: 0, after: "", isWhole: true };
  }
}

/** Names that this pass did not meet are gone. */
function finishPass(looked: Looked): void {
  for (const [name, { pass }] of looked.hidden)
    if (pass < looked.passes) looked.hidden.delete(name);
  looked.passes++;
}

/** Whether a name belongs to this domain, and not to one between them. */
function isNearest(name: string, domain: string, domains: readonly WatchedDomain[]): boolean {
  if (!isWithin(name, domain)) return false;
  return !domains.some(
    (other) => other.domain.length > domain.length && isWithin(name, other.domain),
  );
}
