/** Metrics and traces put between the parts of the registry, so that none of them knows of either. */
import type { Pool } from "../../db/pool.js";
import type { SignpostError } from "../../errors.js";
import type { AnswerSigner, BatchObserver } from "../../gateway/answerSigner.js";
import type { GatewaySigner } from "../../gateway/gatewaySigner.js";
import type { GatewayObserver } from "../../gateway/observer.js";
import { LOOKUP_STATUS } from "../../http/ccip/lookupStatus.js";
import type { Publisher } from "../../observe/publish.js";
import { type MetricsSources, registryMetrics } from "../../observe/registryMetrics.js";
import type { Tracing } from "../../observe/tracing.js";
import {
  eachObserver,
  watchedAnswerSigner,
  watchedRecords,
  watchedSigner,
  watchedStore,
} from "../../observe/watch.js";
import type { KeyStore, RecordSource, RegistryStores } from "../../registry/store.js";

export interface RegistryObservation {
  readonly gateway: GatewayObserver;
  /** Signatures are counted, whatever each is for. */
  signer(signer: GatewaySigner): GatewaySigner;
  /** Each answer has a place in the trace of its lookup. */
  answerSigner(answers: AnswerSigner): AnswerSigner;
  readonly batches: BatchObserver;
  /** Counts an answer that got no signature. */
  readonly refused: (failure: SignpostError) => void;
  records(records: RecordSource): RecordSource;
  registry(stores: RegistryStores): RegistryStores;
  keys(keys: KeyStore): KeyStore;
  readonly publish: (publish: Publisher, sources: MetricsSources) => void;
}

export function observeRegistry(tracing: Tracing | null): RegistryObservation {
  const metrics = registryMetrics(LOOKUP_STATUS);
  const database = eachObserver(metrics.database, tracing?.work ?? null);
  return {
    gateway: bothGateways(metrics.gateway, tracing?.gateway ?? null),
    signer: (signer) => watchedSigner(signer, metrics.signer),
    answerSigner: (answers) => (tracing ? watchedAnswerSigner(answers, tracing.work) : answers),
    batches: metrics.batches,
    refused: (failure) => {
      metrics.signer("sign")(failure);
    },
    records: (records) => watchedRecords(records, database),
    registry: ({ names, domains }) => ({
      names: watchedStore(names, database),
      domains: watchedStore(domains, database),
    }),
    keys: (keys) => watchedStore(keys, database),
    publish: metrics.publish,
  };
}

function bothGateways(first: GatewayObserver, second: GatewayObserver | null): GatewayObserver {
  if (second === null) return first;
  return {
    answered(lookup, durationMs) {
      first.answered(lookup, durationMs);
      second.answered(lookup, durationMs);
    },
    refused(code, durationMs) {
      first.refused(code, durationMs);
      second.refused(code, durationMs);
    },
  };
}

/**
 * What a scrape reads of the connections to the database. pg-pool 3.14.0 counts among those who wait also those who get a free connection
 * in a moment, or a new one: a scrape's own questions would always wait.
 */
export function poolSample(pool: string, of: Pool) {
  const { totalCount, idleCount, waitingCount } = of;
  const mayBegin = idleCount + (of.options.max - totalCount);
  const waiting = Math.max(0, waitingCount - mayBegin);
  return { pool, busy: totalCount - idleCount, idle: idleCount, waiting };
}
