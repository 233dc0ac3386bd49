/** What is known of the served domains in ENS, as numbers. */
import type { Publisher } from "./publish.js";

export interface DomainHealth {
  readonly expiries: readonly {
    readonly domain: string;
    /** Decimal. */
    readonly chainId: string;
    /** Unix time, as it was told last; null for a domain that does not expire, or of which nobody told yet. */
    readonly expirySec: number | null;
    /** Whether the chain told when it was asked last. */
    readonly isKnown: boolean;
  }[];
  readonly hiddenNames: readonly {
    readonly domain: string;
    readonly chainId: string;
    readonly count: number;
  }[];
}

export function publishDomains(publish: Publisher, domains: () => DomainHealth): void {
  publish.gauge(
    "signpost_domain_expiry_timestamp_seconds",
    "When the registration of the domain, or of a name above it, ends.",
    "min",
    () =>
      domains().expiries.flatMap(({ domain, chainId: chain, expirySec }) =>
        expirySec === null ? [] : [{ labels: { domain, chain }, value: expirySec }],
      ),
  );
  publish.gauge(
    "signpost_domain_expiry_known",
    "1 when the chain told so when it was asked last, 0 when it could not be found out.",
    "min",
    () =>
      domains().expiries.map(({ domain, chainId: chain, isKnown }) => ({
        labels: { domain, chain },
        value: Number(isKnown),
      })),
  );
  publish.gauge(
    "signpost_names_hidden",
    "Published names that registry entries of their own hide from clients.",
    "max",
    () =>
      domains().hiddenNames.map(({ domain, chainId: chain, count }) => ({
        labels: { domain, chain },
        value: count,
      })),
  );
}
