import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { DomainHealth } from "../../src/observe/domainMetrics.js";
import type { HealthState } from "../../src/observe/healthMetrics.js";
import { readMetrics } from "./exposition.js";
import { type PublishedMetrics, publishedMetrics } from "./publishedMetrics.js";
import { SAMPLE_MIRROR } from "./sampleMirror.js";

const RESOLVER = `0x${"5f".repeat(20)}`;
const HEALTH: HealthState = {
  signerSigns: true,
  signerKnown: false,
  knownAt: [
    { chainId: "1", resolver: RESOLVER, isKnown: true },
    { chainId: "10", resolver: RESOLVER, isKnown: false },
  ],
  resolvers: [
    { chainId: "1", resolver: RESOLVER, signerEnabled: false, takesBatches: true },
    { chainId: "10", resolver: RESOLVER, signerEnabled: null, takesBatches: null },
  ],
  chains: [
    { chainId: "1", reachable: true, blockAgeSec: 7 },
    { chainId: "10", reachable: false, blockAgeSec: null },
  ],
  clockSkewSec: -1.5,
};
const DOMAINS: DomainHealth = {
  expiries: [
    { domain: "a.eth", chainId: "1", expirySec: 1_900_000_000, isKnown: true },
    { domain: "b.eth", chainId: "1", expirySec: 1_800_000_000, isKnown: false },
    { domain: "c.example", chainId: "1", expirySec: null, isKnown: true },
    { domain: "d.eth", chainId: "1", expirySec: null, isKnown: false },
  ],
  hiddenNames: [{ domain: "a.eth", chainId: "1", count: 2 }],
};

const NODES = { works: 7, unreachable: 2, wrong: 0, unproven: 1, overdue: 2 };

describe("observe/registryMetrics", () => {
  let looks: number;
  let cache: { entries: number; bytes: number } | null;
  let metrics: PublishedMetrics;

  beforeEach(() => {
    looks = 0;
    cache = { entries: 3, bytes: 4096 };
    const health = () => {
      looks++;
      return Promise.resolve(HEALTH);
    };
    const pools = () => [{ pool: "lookups", busy: 2, idle: 1, waiting: 5 }];
    metrics = publishedMetrics(
      {
        ...{ cache: () => cache, pools, health, domains: () => DOMAINS, relayNodes: () => NODES },
        mirrors: () => ({ mirrors: [SAMPLE_MIRROR], nowMs: 3_500 }),
      },
      false,
    );
  });

  const read = async () => readMetrics(await metrics.registry.metrics());

  it("publishes what was counted", async () => {
    metrics.gateway.answered({ domain: "a.eth", functionName: "text", from: "cache" }, 0.2);
    metrics.gateway.refused("INVALID_NAME", 0.2);
    metrics.gateway.refused("DATABASE_UNAVAILABLE", 1500);
    metrics.database("look_up")(undefined);
    metrics.database("look_up")(new SignpostError("DATABASE_UNAVAILABLE", "It is away."));
    metrics.signer("sign")(new SignpostError("UNREACHABLE", "It is away."));
    metrics.batches(1, 0.1);
    metrics.batches(20, 3);
    metrics.api("PUT", 201, 3);
    metrics.api("BREW", null, 3);
    const { values } = await read();
    const expected: Readonly<Record<string, number>> = {
      'signpost_lookups_total{domain="a.eth",function="text",source="cache"}': 1,
      'signpost_lookups_total{domain="a.eth",function="text",source="registry"}': 0,
      'signpost_lookups_refused_total{code="INVALID_NAME",fault="client"}': 1,
      'signpost_lookups_refused_total{code="DATABASE_UNAVAILABLE",fault="gateway"}': 1,
      'signpost_lookup_duration_seconds_bucket{outcome="cache",le="0.0001"}': 0,
      'signpost_lookup_duration_seconds_bucket{outcome="cache",le="0.00025"}': 1,
      'signpost_lookup_duration_seconds_bucket{outcome="cache",le="+Inf"}': 1,
      'signpost_lookup_duration_seconds_count{outcome="refused"}': 2,
      'signpost_lookup_duration_seconds_sum{outcome="refused"}': 1.5002,
      signpost_answer_cache_entries: 3,
      signpost_answer_cache_bytes: 4096,
      'signpost_database_duration_seconds_count{question="look_up"}': 2,
      'signpost_database_failures_total{question="look_up",code="DATABASE_UNAVAILABLE"}': 1,
      'signpost_database_connections{pool="lookups",state="busy"}': 2,
      'signpost_database_connections{pool="lookups",state="idle"}': 1,
      'signpost_database_waiting{pool="lookups"}': 5,
      'signpost_relay_nodes{state="works"}': 7,
      'signpost_relay_nodes{state="unproven"}': 1,
      signpost_relay_nodes_overdue: 2,
      'signpost_mirror_behind_seconds{domain="a.eth"}': 2.5,
      'signpost_mirror_not_copied_seconds{domain="a.eth"}': 0,
      'signpost_mirror_heard_timestamp_seconds{domain="a.eth"}': 2,
      'signpost_mirror_failures{domain="a.eth"}': 3,
      'signpost_mirror_names_not_taken{domain="a.eth"}': 4,
      signpost_signer_duration_seconds_count: 1,
      'signpost_signer_failures_total{code="UNREACHABLE"}': 1,
      'signpost_batch_answers_bucket{le="1"}': 1,
      'signpost_batch_answers_bucket{le="16"}': 1,
      'signpost_batch_answers_bucket{le="32"}': 2,
      signpost_batch_answers_sum: 21,
      signpost_batch_answers_count: 2,
      signpost_batch_wait_seconds_sum: 0.0031,
      'signpost_api_requests_total{method="PUT",status="201"}': 1,
      'signpost_api_requests_total{method="other",status="aborted"}': 1,
      signpost_api_duration_seconds_count: 2,
      [`signpost_build_info{version="1.2.3",node="${process.version}"}`]: 1,
    };
    for (const [series, value] of Object.entries(expected)) {
      expect(values.get(series), series).to.equal(value);
    }
  });

  it("publishes what is known of its health with one look, and no sample of what is not", async () => {
    const { values } = await read();
    expect(looks).to.equal(1);
    const ofHealth = [...values].filter(([series]) =>
      /^signpost_(ready|signer_signs|signer_known|signer_enabled|resolver|chain|clock)/.test(
        series,
      ),
    );
    expect(Object.fromEntries(ofHealth)).to.deep.equal({
      signpost_ready: 0,
      signpost_signer_signs: 1,
      signpost_signer_known: 0,
      [`signpost_resolver_knows_signer{chain="1",resolver="${RESOLVER}"}`]: 1,
      [`signpost_resolver_knows_signer{chain="10",resolver="${RESOLVER}"}`]: 0,
      [`signpost_signer_enabled{chain="1",resolver="${RESOLVER}"}`]: 0,
      [`signpost_resolver_takes_batches{chain="1",resolver="${RESOLVER}"}`]: 1,
      'signpost_chain_reachable{chain="1"}': 1,
      'signpost_chain_reachable{chain="10"}': 0,
      'signpost_chain_block_age_seconds{chain="1"}': 7,
      signpost_clock_skew_seconds: -1.5,
    });
    await read();
    expect(looks).to.equal(2);
  });

  it("tells when registrations end, and apart from that whether the chain told", async () => {
    const { values } = await read();
    const ofDomains = [...values].filter(([series]) => /^signpost_(domain|names)_/.test(series));
    expect(Object.fromEntries(ofDomains)).to.deep.equal({
      'signpost_domain_expiry_timestamp_seconds{domain="a.eth",chain="1"}': 1_900_000_000,
      'signpost_domain_expiry_timestamp_seconds{domain="b.eth",chain="1"}': 1_800_000_000,
      'signpost_domain_expiry_known{domain="a.eth",chain="1"}': 1,
      'signpost_domain_expiry_known{domain="b.eth",chain="1"}': 0,
      'signpost_domain_expiry_known{domain="c.example",chain="1"}': 1,
      'signpost_domain_expiry_known{domain="d.eth",chain="1"}': 0,
      'signpost_names_hidden{domain="a.eth",chain="1"}': 2,
    });
  });

  it("has no numbers of a cache that is not there", async () => {
    cache = null;
    const { types, values } = await read();
    expect(types.get("signpost_answer_cache_bytes")).to.equal("gauge");
    expect(values.has("signpost_answer_cache_bytes")).to.equal(false);
  });

  it("tells of the process and its event loop, too", async () => {
    const { values } = await read();
    for (const series of ["process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds"]) {
      expect(values.get(series), series).to.be.above(0);
    }
  });

  it("counts for itself: two of them share nothing", async () => {
    const other = publishedMetrics({
      cache: () => null,
      pools: () => [],
      health: () => Promise.resolve(HEALTH),
      domains: () => DOMAINS,
      relayNodes: () => null,
      mirrors: () => ({ mirrors: [], nowMs: 0 }),
    });
    other.gateway.refused("INTERNAL", 1);
    const { values } = await read();
    expect(values.get('signpost_lookups_refused_total{code="INTERNAL",fault="gateway"}')).to.equal(
      0,
    );
  });
});
