/**
 * Counts lookups. The hot path finds its number by two map reads and adds one: finding it by labels, as metric
 * libraries do, would take longer than sending an answer from the cache.
 */
import * as resolverFunctions from "../ens/resolverFunctions.js";
import type { ErrorCode } from "../errors.js";
import type { AnsweredLookup, GatewayObserver } from "../gateway/observer.js";
import { type DurationCounts, durationCounts } from "./durationCounts.js";

/** An installation has some domains; 1000 of them with every function make 26,000 time series, which is enough. */
const MOST_DOMAINS = 1000;
/** Under this, together, come the domains beyond. It is no ENS name. */
const OTHER_DOMAINS = "(others)";

const UNKNOWN_FUNCTION = "unknown";
const FUNCTIONS: ReadonlySet<string> = new Set(
  Object.values(resolverFunctions).map(({ signature }) =>
    signature.slice(0, signature.indexOf("(")),
  ),
);

type Source = AnsweredLookup["from"];

export interface LookupCounts extends GatewayObserver {
  lookups(): Iterable<{ domain: string; function: string; source: Source; count: number }>;
  refusals(): Iterable<{ code: ErrorCode; count: number }>;
  readonly durations: Readonly<Record<Source | "refused", DurationCounts>>;
}

/** By function, and where the answer came from. */
type DomainCounts = Map<string, Record<Source, number>>;

/** @param codes of all refusals that there can be */
export function lookupCounts(codes: readonly ErrorCode[]): LookupCounts {
  const domains = new Map<string, DomainCounts>();
  // from zero, because Prometheus sees no increase in a number that was not there before
  const refused = new Map(codes.map((code) => [code, 0]));
  const durations = {
    registry: durationCounts(),
    cache: durationCounts(),
    refused: durationCounts(),
  };

  function countsOf(domain: string, functionName: string): Record<Source, number> {
    const ofDomain = domains.get(domain) ?? newDomain(domain);
    const found = ofDomain.get(functionName);
    if (found) return found;
    if (!FUNCTIONS.has(functionName) && functionName !== UNKNOWN_FUNCTION) {
      return countsOf(domain, UNKNOWN_FUNCTION);
    }
    const counts = { registry: 0, cache: 0 };
    ofDomain.set(functionName, counts);
    return counts;
  }

  function newDomain(domain: string): DomainCounts {
    const key = domains.size < MOST_DOMAINS ? domain : OTHER_DOMAINS;
    const counts: DomainCounts = domains.get(key) ?? new Map<string, Record<Source, number>>();
    domains.set(key, counts);
    return counts;
  }

  return {
    answered({ domain, functionName, from }, durationMs) {
      countsOf(domain, functionName)[from]++;
      durations[from].note(durationMs);
    },
    refused(code, durationMs) {
      refused.set(code, (refused.get(code) ?? 0) + 1);
      durations.refused.note(durationMs);
    },
    *lookups() {
      for (const [domain, functions] of domains) {
        for (const [name, counts] of functions) {
          yield { domain, function: name, source: "registry", count: counts.registry };
          yield { domain, function: name, source: "cache", count: counts.cache };
        }
      }
    },
    *refusals() {
      for (const [code, count] of refused) yield { code, count };
    },
    durations,
  };
}
