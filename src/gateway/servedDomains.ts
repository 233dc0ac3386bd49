/**
 * Which domains a resolver answers for, and under which further names. There are few of them and every lookup asks, so they are kept in
 * memory and read again when they are older than a second.
 */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { shownName } from "../ens/askedName.js";
import { isWithin } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import { nameBehind, type Namespaces, namespacesOf } from "../registry/domains/aliasDomain.js";
import type { DomainSource, ServedResolver } from "../registry/domains/domain.js";
import type { RecordSource } from "../registry/store.js";
import { resolverKey } from "./resolverKey.js";

const FRESH_MS = 1000;

/** By `resolverKey`; of nested domains the inner one first. */
type DomainsByResolver = ReadonlyMap<string, readonly string[]>;

interface Known {
  readonly byResolver: DomainsByResolver;
  /** The sources by their domains; null while there are none. */
  readonly sources: ReadonlyMap<string, DomainSource> | null;
  /** Null while there are no aliases, as mostly: then no name stands for another one. */
  readonly namespaces: Namespaces | null;
}

interface Place {
  /** Of chain and resolver. */
  readonly resolverKey: string;
  /** The name whose records it is answered with: another one where it lies under an alias domain. */
  readonly storedName: string;
  /** The most specific of the resolver's domains that the stored name lies under. */
  readonly domain: string;
  /** The service's own data behind that domain; null where it has none here. */
  readonly source: DomainSource | null;
}

export interface ServedDomains {
  /**
   * Where a resolver has the records of a name. Under an alias it has those that it has under the domain, and no others: the
   * alias has no resolvers of its own. Throws UNKNOWN_RESOLVER when the resolver is not served at all, UNKNOWN_DOMAIN when
   * the stored name lies under none of its domains, DATABASE_UNAVAILABLE when neither can be known.
   */
  placeOf(chainId: bigint, resolver: Address, name: string): Promise<Place>;
}

/** @param nowMs a clock, in milliseconds; only its differences count */
export function servedDomains(
  source: Pick<RecordSource, "serving">,
  nowMs: () => number,
): ServedDomains {
  let known: Known | undefined;
  let readAtMs = 0;
  let reading: Promise<Known> | undefined;

  async function current(): Promise<Known> {
    const ageMs = nowMs() - readAtMs;
    // below zero when the clock was set back: then the age is not known
    if (known && ageMs >= 0 && ageMs < FRESH_MS) return known;
    // lookups that arrive while it is read wait for the same answer
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  }

  async function read(): Promise<Known> {
    const startedMs = nowMs();
    const { resolvers, domains, aliases, ...serving } = await source.serving();
    const namespaces = aliases.length === 0 ? null : namespacesOf(domains, aliases);
    readAtMs = startedMs;
    const byDomain = serving.sources.map((one) => [one.domain, one] as const);
    const sources = byDomain.length === 0 ? null : new Map(byDomain);
    return (known = { byResolver: groupByResolver(resolvers), namespaces, sources });
  }

  return {
    async placeOf(chainId, resolver, name) {
      const { byResolver, namespaces, sources } = await current();
      const key = resolverKey(chainId, resolver);
      const served = byResolver.get(key);
      if (!served) {
        throw new SignpostError(
          "UNKNOWN_RESOLVER",
          `The resolver ${toHex(resolver)} on chain ${chainId.toString()} is not served here; check the gateway URL that the resolver publishes.`,
        );
      }
      const storedName = namespaces === null ? name : nameBehind(name, namespaces);
      const domain = served.find((candidate) => isWithin(storedName, candidate));
      if (domain === undefined) {
        const shown = shownName({ name });
        throw new SignpostError(
          "UNKNOWN_DOMAIN",
          `The name ${shown} lies under no domain that is served here for the resolver ${toHex(resolver)}.`,
          { name: shown },
        );
      }
      return { resolverKey: key, storedName, domain, source: sources?.get(domain) ?? null };
    },
  };
}

function groupByResolver(resolvers: readonly ServedResolver[]): DomainsByResolver {
  const domains = new Map<string, string[]>();
  for (const { chainId, resolver, domain } of resolvers) {
    const key = resolverKey(chainId, resolver);
    const served = domains.get(key);
    if (served) served.push(domain);
    else domains.set(key, [domain]);
  }
  for (const served of domains.values()) served.sort((a, b) => b.length - a.length);
  return domains;
}
