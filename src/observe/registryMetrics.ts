/** What Prometheus can know of the registry and its gateway. docs/operations/metrics.md says what each number is for. */
import type { ErrorCode } from "../errors.js";
import type { BatchObserver } from "../gateway/answerSigner.js";
import type { GatewayObserver } from "../gateway/observer.js";
import type { NodeCounts } from "../nodes/nodeStore.js";
import { type BatchCounts, batchCounts } from "./batchCounts.js";
import { type DomainHealth, publishDomains } from "./domainMetrics.js";
import { type HealthState, publishHealth } from "./healthMetrics.js";
import { type LookupCounts, lookupCounts } from "./lookupCounts.js";
import { type MirrorSample, publishMirrors } from "./mirrorMetrics.js";
import type { Publisher } from "./publish.js";
import { publishRelayNodes } from "./relayNodeMetrics.js";
import type { WorkObserver } from "./watch.js";
import { type WorkCounts, workCounts } from "./workCounts.js";

interface PoolSample {
  readonly pool: string;
  readonly busy: number;
  readonly idle: number;
  /** Questions that wait for a free connection. */
  readonly waiting: number;
}

/** What is read at the time of asking, and not counted; none of these may throw. */
export interface MetricsSources {
  /** Of the answers that are held in memory; null without such a memory. */
  readonly cache: () => { readonly entries: number; readonly bytes: number } | null;
  readonly pools: () => readonly PoolSample[];
  readonly health: () => Promise<HealthState>;
  readonly domains: () => DomainHealth;
  /** Null where nothing is watched, or nothing was counted yet. */
  readonly relayNodes: () => NodeCounts | null;
  readonly mirrors: () => MirrorSample;
}

/** The HTTP status of each refusal of a lookup: from 500 on this gateway could not answer, below it the client asked wrongly. */
export type LookupStatus = Readonly<Partial<Record<ErrorCode, number>>>;

export interface RegistryMetrics {
  readonly gateway: GatewayObserver;
  readonly database: WorkObserver;
  readonly signer: WorkObserver;
  readonly batches: BatchObserver;
  readonly publish: (publish: Publisher, sources: MetricsSources) => void;
}

/** Everything else that ends a question is a refusal, thrown while a name was locked. */
const DATABASE_FAILURES: readonly ErrorCode[] = [
  "DATABASE_UNAVAILABLE",
  "INVALID_CONFIGURATION",
  "INTERNAL",
];

/** Counts from now on; `publish` is for when there is somebody who reads. */
export function registryMetrics(lookupStatus: LookupStatus): RegistryMetrics {
  const lookups = lookupCounts(Object.keys(lookupStatus) as ErrorCode[]);
  const database = workCounts((code) => DATABASE_FAILURES.includes(code));
  const signer = workCounts();
  const batches = batchCounts();
  return {
    gateway: lookups,
    database: database.observer,
    signer: signer.observer,
    batches: batches.observer,
    publish: (publish, sources) => {
      publishLookups(publish, lookups, sources, lookupStatus);
      publishSigner(publish, signer);
      publishBatches(publish, batches);
      publishDatabase(publish, database, sources);
      publishHealth(publish, sources.health);
      publishDomains(publish, sources.domains);
      publishRelayNodes(publish, sources.relayNodes);
      publishMirrors(publish, sources.mirrors);
    },
  };
}

function publishLookups(
  publish: Publisher,
  counts: LookupCounts,
  { cache }: MetricsSources,
  lookupStatus: LookupStatus,
): void {
  publish.counter("signpost_lookups_total", "Answered lookups.", function* () {
    for (const { count, ...labels } of counts.lookups()) yield { labels, value: count };
  });
  publish.counter("signpost_lookups_refused_total", "Refused lookups.", function* () {
    for (const { code, count } of counts.refusals()) {
      const fault = (lookupStatus[code] ?? 500) >= 500 ? "gateway" : "client";
      yield { labels: { code, fault }, value: count };
    }
  });
  publish.durations(
    "signpost_lookup_duration_seconds",
    "From the request to the end of the answer, by where that came from.",
    () => Object.entries(counts.durations).map(([outcome, durations]) => [{ outcome }, durations]),
  );
  publish.gauge("signpost_answer_cache_entries", "Signed answers in memory.", "sum", () => {
    const held = cache();
    return held ? [{ value: held.entries }] : [];
  });
  publish.gauge("signpost_answer_cache_bytes", "Memory that they take.", "sum", () => {
    const held = cache();
    return held ? [{ value: held.bytes }] : [];
  });
}

function publishSigner(publish: Publisher, work: WorkCounts): void {
  publish.durations("signpost_signer_duration_seconds", "How long one signature took.", () =>
    [...work.durations()].map(([, durations]) => [{}, durations]),
  );
  publish.counter("signpost_signer_failures_total", "Signatures that failed.", function* () {
    for (const { code, count } of work.failures()) yield { labels: { code }, value: count };
  });
}

function publishBatches(publish: Publisher, { answers, waits }: BatchCounts): void {
  publish.histogram(
    "signpost_batch_answers",
    "For how many answers one signature was, of those that may share one.",
    () => [[{}, answers]],
  );
  publish.durations(
    "signpost_batch_wait_seconds",
    "How long the first answer of a batch waited for its signature to begin.",
    () => [[{}, waits]],
  );
}

function publishDatabase(
  publish: Publisher,
  questions: WorkCounts,
  { pools }: MetricsSources,
): void {
  publish.durations(
    "signpost_database_duration_seconds",
    "How long one question to the database took, the wait for its turn included.",
    () => [...questions.durations()].map(([question, durations]) => [{ question }, durations]),
  );
  publish.counter("signpost_database_failures_total", "Questions that failed.", function* () {
    for (const { work, code, count } of questions.failures()) {
      yield { labels: { question: work, code }, value: count };
    }
  });
  publish.gauge("signpost_database_connections", "Open connections.", "sum", () =>
    pools().flatMap(({ pool, busy, idle }) => [
      { labels: { pool, state: "busy" }, value: busy },
      { labels: { pool, state: "idle" }, value: idle },
    ]),
  );
  publish.gauge("signpost_database_waiting", "Questions without a connection.", "sum", () =>
    pools().map(({ pool, waiting }) => ({ labels: { pool }, value: waiting })),
  );
}
