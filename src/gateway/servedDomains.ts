/**
 * Which domains a resolver answers for. There are few of them and every lookup asks, so they are kept in
 * memory and read again when they are older than a second.
 */
import { toHex } from "../abi/hex.js";
import { isWithin } from "../ens/hierarchy.js";
import { SignpostError } from "../errors.js";
import type { RecordSource, ServedResolver } from "../registry/store.js";

const FRESH_MS = 1000;

export interface ServedDomains {
  /**
   * Throws UNKNOWN_RESOLVER when the resolver is not served at all, UNKNOWN_DOMAIN when the name lies under
   * none of its domains, DATABASE_UNAVAILABLE when neither can be known.
   */
  assertServed(chainId: bigint, resolver: Uint8Array, name: string): Promise<void>;
}

/** @param nowMs a clock, in milliseconds; only its differences count */
export function servedDomains(
  source: Pick<RecordSource, "servedResolvers">,
  nowMs: () => number,
): ServedDomains {
  let domains: Map<string, string[]> | undefined;
  let readAtMs = 0;
  let reading: Promise<Map<string, string[]>> | undefined;

  async function current(): Promise<Map<string, string[]>> {
    const ageMs = nowMs() - readAtMs;
    // below zero when the clock was set back: then the age is not known
    if (domains && ageMs >= 0 && ageMs < FRESH_MS) return domains;
    // lookups that arrive while it is read wait for the same answer
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  }

  async function read(): Promise<Map<string, string[]>> {
    const startedMs = nowMs();
    const read = groupByResolver(await source.servedResolvers());
    readAtMs = startedMs;
    return (domains = read);
  }

  return {
    async assertServed(chainId, resolver, name) {
      const served = (await current()).get(key(chainId, resolver));
      if (!served) {
        throw new SignpostError(
          "UNKNOWN_RESOLVER",
          `The resolver ${toHex(resolver)} on chain ${chainId.toString()} is not served here; check the gateway URL that the resolver publishes.`,
        );
      }
      if (!served.some((domain) => isWithin(name, domain))) {
        throw new SignpostError(
          "UNKNOWN_DOMAIN",
          `The name ${name} lies under no domain that is served here for the resolver ${toHex(resolver)}.`,
          { name },
        );
      }
    },
  };
}

function groupByResolver(resolvers: readonly ServedResolver[]): Map<string, string[]> {
  const domains = new Map<string, string[]>();
  for (const { chainId, resolver, domain } of resolvers) {
    const served = domains.get(key(chainId, resolver)) ?? [];
    domains.set(key(chainId, resolver), [...served, domain]);
  }
  return domains;
}

function key(chainId: bigint, resolver: Uint8Array): string {
  return `${chainId.toString()}:${toHex(resolver)}`;
}
