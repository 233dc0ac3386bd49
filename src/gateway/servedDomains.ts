/**
 * Which domains a resolver answers for. There are few of them and every lookup asks, so they are kept in
 * memory and read again when they are older than a second.
 */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { shownName } from "../ens/askedName.js";
import { isWithin } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import type { RecordSource } from "../registry/store.js";

const FRESH_MS = 1000;

/** By resolver, see `keyOf`; of nested domains the inner one first. */
type DomainsByResolver = ReadonlyMap<string, readonly string[]>;

export interface ServedDomains {
  /**
   * The most specific of the resolver's domains that the name lies under. Throws UNKNOWN_RESOLVER when the
   * resolver is not served at all, UNKNOWN_DOMAIN when the name lies under none of its domains,
   * DATABASE_UNAVAILABLE when neither can be known.
   */
  domainServing(chainId: bigint, resolver: Address, name: string): Promise<string>;
}

/** @param nowMs a clock, in milliseconds; only its differences count */
export function servedDomains(
  source: Pick<RecordSource, "servedResolvers">,
  nowMs: () => number,
): ServedDomains {
  let domains: DomainsByResolver | undefined;
  let readAtMs = 0;
  let reading: Promise<DomainsByResolver> | undefined;

  async function current(): Promise<DomainsByResolver> {
    const ageMs = nowMs() - readAtMs;
    // below zero when the clock was set back: then the age is not known
    if (domains && ageMs >= 0 && ageMs < FRESH_MS) return domains;
    // lookups that arrive while it is read wait for the same answer
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  }

  async function read(): Promise<DomainsByResolver> {
    const startedMs = nowMs();
    const read = groupByResolver(await source.servedResolvers());
    readAtMs = startedMs;
    return (domains = read);
  }

  return {
    async domainServing(chainId, resolver, name) {
      const served = (await current()).get(keyOf(chainId, resolver));
      if (!served) {
        throw new SignpostError(
          "UNKNOWN_RESOLVER",
          `The resolver ${toHex(resolver)} on chain ${chainId.toString()} is not served here; check the gateway URL that the resolver publishes.`,
        );
      }
      const domain = served.find((candidate) => isWithin(name, candidate));
      if (domain === undefined) {
        const shown = shownName({ name });
        throw new SignpostError(
          "UNKNOWN_DOMAIN",
          `The name ${shown} lies under no domain that is served here for the resolver ${toHex(resolver)}.`,
          { name: shown },
        );
      }
      return domain;
    },
  };
}

function groupByResolver(resolvers: readonly ServedResolver[]): DomainsByResolver {
  const domains = new Map<string, string[]>();
  for (const { chainId, resolver, domain } of resolvers) {
    const key = keyOf(chainId, resolver);
    const served = domains.get(key);
    if (served) served.push(domain);
    else domains.set(key, [domain]);
  }
  for (const served of domains.values()) served.sort((a, b) => b.length - a.length);
  return domains;
}

function keyOf(chainId: bigint, resolver: Address): string {
  return `${chainId.toString()}:${toHex(resolver)}`;
}
