/** Everything that Prometheus can know of this process. docs/operations/metrics.md says what each number is for. */
import { collectDefaultMetrics, Registry } from "prom-client";
import type { ErrorCode } from "../errors.js";
import type { GatewayObserver } from "../gateway/observer.js";
import { type ApiCounts, apiCounts } from "./apiCounts.js";
import { type HealthSample, publishHealth } from "./healthMetrics.js";
import { type LookupCounts, lookupCounts } from "./lookupCounts.js";
import { type Publisher, publisher } from "./publish.js";
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
  readonly version: string;
  /** Of the answers that are held in memory; null without such a memory. */
  readonly cache: () => { readonly entries: number; readonly bytes: number } | null;
  readonly pools: () => readonly PoolSample[];
  readonly health: () => Promise<HealthSample>;
  /** The HTTP status of each refusal of a lookup: from 500 on this gateway could not answer, below it the client asked wrongly. */
  readonly lookupStatus: Readonly<Partial<Record<ErrorCode, number>>>;
}

export interface Metrics {
  readonly registry: Registry;
  readonly gateway: GatewayObserver;
  readonly database: WorkObserver;
  readonly signer: WorkObserver;
  /** Counts one request of the service API. */
  readonly api: ApiCounts["note"];
}

/** Everything else that ends a question is a refusal, thrown while a name was locked. */
const DATABASE_FAILURES: readonly ErrorCode[] = [
  "DATABASE_UNAVAILABLE",
  "INVALID_CONFIGURATION",
  "INTERNAL",
];

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const publish = publisher(registry);
  const lookups = lookupCounts(Object.keys(sources.lookupStatus) as ErrorCode[]);
  const database = workCounts((code) => DATABASE_FAILURES.includes(code));
  const signer = workCounts();
  const api = apiCounts();

  publishLookups(publish, lookups, sources);
  publishSigner(publish, signer);
  publishDatabase(publish, database, sources);
  publishApi(publish, api);
  publishHealth(publish, sources.health);
  publish.gauge("signpost_build_info", "Always 1; its labels name the build.", "first", () => [
    { labels: { version: sources.version, node: process.version }, value: 1 },
  ]);
  publish.gauge("signpost_processes", "Processes that share the port.", "sum", () => [
    { value: 1 },
  ]);
  // processor, memory, open files, event-loop lag, garbage collection
  collectDefaultMetrics({ register: registry });

  return {
    registry,
    gateway: lookups,
    database: database.observer,
    signer: signer.observer,
    api: (method, status, durationMs) => {
      api.note(method, status, durationMs);
    },
  };
}

function publishLookups(
  publish: Publisher,
  counts: LookupCounts,
  { cache, lookupStatus }: MetricsSources,
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

function publishApi(publish: Publisher, counts: ApiCounts): void {
  publish.counter("signpost_api_requests_total", "Requests of the service API.", function* () {
    for (const { count, ...labels } of counts.requests()) yield { labels, value: count };
  });
  publish.durations("signpost_api_duration_seconds", "How long they took.", () => [
    [{}, counts.durations],
  ]);
}
