/** What is known of this gateway's health, as numbers. What is not known has no sample, and no alert. */
import type { Publisher, Sample } from "./publish.js";

export interface HealthState {
  /** Whether the signer gave a signature when it was last asked for one; null when it never was. */
  readonly signerSigns: boolean | null;
  /**
   * False while the signer is a stranger to this database, or to a resolver that is served; null when the database did
   * not say.
   */
  readonly signerKnown: boolean | null;
  /** Whether it is known at each resolver that is served; without those that refuse it. */
  readonly knownAt: readonly {
    /** Decimal. */
    readonly chainId: string;
    /** 0x and lower case. */
    readonly resolver: string;
    readonly isKnown: boolean;
  }[];
  readonly resolvers: readonly {
    /** Decimal. */
    readonly chainId: string;
    /** 0x and lower case. */
    readonly resolver: string;
    /** Whether the resolver takes what our signer signs; null where that is not known. */
    readonly signerEnabled: boolean | null;
    /** Whether it has shown that it takes answers that share a signature; null where that is not known. */
    readonly takesBatches: boolean | null;
  }[];
  readonly chains: readonly {
    readonly chainId: string;
    /** Whether its RPC node answered when it was last asked. */
    readonly reachable: boolean;
    /** Our clock minus the latest block's time. */
    readonly blockAgeSec: number | null;
  }[];
  /** Our clock minus the database's, when it was last asked. */
  readonly clockSkewSec: number | null;
}

export function publishHealth(publish: Publisher, health: () => Promise<HealthState>): void {
  const gauge = (
    name: string,
    help: string,
    aggregator: "min" | "max",
    samples: (known: HealthState) => readonly (Sample | null)[],
  ) => {
    publish.gauge(name, help, aggregator, async () =>
      samples(await once()).filter((sample) => sample !== null),
    );
  };
  // all of them are read at the same time, and one look is enough
  let looking: Promise<HealthState> | undefined;
  const once = () => (looking ??= health().finally(() => (looking = undefined)));

  gauge("signpost_signer_signs", "1 when the signer signs.", "min", ({ signerSigns }) => [
    sampleOf(signerSigns),
  ]);
  gauge(
    "signpost_signer_known",
    "1 when the signer is known at each resolver, 0 when it is a stranger somewhere.",
    "min",
    ({ signerKnown }) => [sampleOf(signerKnown)],
  );
  gauge(
    "signpost_resolver_knows_signer",
    "1 when the signer is known at the resolver, 0 when it is a stranger there.",
    "min",
    ({ knownAt }) =>
      knownAt.map(({ chainId, resolver, isKnown }) =>
        sampleOf(isKnown, { chain: chainId, resolver }),
      ),
  );
  gauge(
    "signpost_signer_enabled",
    "1 when the resolver takes what this gateway's signer signs.",
    "min",
    ({ resolvers }) =>
      resolvers.map(({ chainId, resolver, signerEnabled }) =>
        sampleOf(signerEnabled, { chain: chainId, resolver }),
      ),
  );
  gauge(
    "signpost_resolver_takes_batches",
    "1 when the resolver takes answers that share a signature.",
    "min",
    ({ resolvers }) =>
      resolvers.map(({ chainId, resolver, takesBatches }) =>
        sampleOf(takesBatches, { chain: chainId, resolver }),
      ),
  );
  gauge(
    "signpost_chain_reachable",
    "1 when the chain's RPC node answered last time.",
    "min",
    ({ chains }) => chains.map(({ chainId, reachable }) => sampleOf(reachable, { chain: chainId })),
  );
  gauge(
    "signpost_chain_block_age_seconds",
    "Our clock minus the time of the latest block.",
    "max",
    ({ chains }) =>
      chains.map(({ chainId, blockAgeSec }) => sampleOf(blockAgeSec, { chain: chainId })),
  );
  gauge(
    "signpost_clock_skew_seconds",
    "Our clock minus the database's.",
    "max",
    ({ clockSkewSec }) => [sampleOf(clockSkewSec)],
  );
}

function sampleOf(
  value: boolean | number | null,
  labels: Readonly<Record<string, string>> = {},
): Sample | null {
  return value === null ? null : { labels, value: Number(value) };
}
