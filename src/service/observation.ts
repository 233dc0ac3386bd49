/** Metrics and traces put between the parts of the service, so that none of them knows of either. */
import type { IncomingMessage, RequestListener } from "node:http";
import type { Registry } from "prom-client";
import type { Pool } from "../db/pool.js";
import type { SignpostError } from "../errors.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import type { GatewayObserver } from "../gateway/observer.js";
import { type AnsweredRequest, isOfApi, noteAnswers } from "../http/accessLog.js";
import { LOOKUP_STATUS } from "../http/ccip/lookupStatus.js";
import type { ClientAddress } from "../http/clientAddress.js";
import { metricsListener } from "../http/metricsListener.js";
import { toSignpostError } from "../http/shownError.js";
import { VERSION } from "../installation/version.js";
import { createMetrics, type MetricsSources } from "../observe/metrics.js";
import type { Tracing } from "../observe/tracing.js";
import { eachObserver, watchedRecords, watchedSigner, watchedStore } from "../observe/watch.js";
import type { RecordSource, RegistryStores } from "../registry/store.js";

export interface ObservationOptions extends Omit<MetricsSources, "version" | "lookupStatus"> {
  /** From a process's own metrics to the text that a scrape gets. */
  readonly metricsText: (own: Registry) => () => Promise<string>;
  /** Null for no traces. */
  readonly tracing: Tracing | null;
  /** Told of each request that is no lookup. */
  readonly noteRequest: (answered: AnsweredRequest) => void;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface Observation {
  readonly gateway: GatewayObserver;
  signer(signer: GatewaySigner): GatewaySigner;
  records(records: RecordSource): RecordSource;
  registry(stores: RegistryStores): RegistryStores;
  /** Tells of the requests that a listener has answered, and gives each its id. */
  noted(listener: RequestListener, clientAddress: ClientAddress): RequestListener;
  traced(listener: RequestListener): RequestListener;
  /** Answers GET /metrics for those who may read it; returns false for every other request. */
  metrics(
    mayRead: (request: IncomingMessage) => boolean,
  ): (...request: Parameters<RequestListener>) => boolean;
}

export function createObservation(options: ObservationOptions): Observation {
  const { tracing, noteRequest, reportFailure } = options;
  const metrics = createMetrics({ ...options, version: VERSION, lookupStatus: LOOKUP_STATUS });
  const text = options.metricsText(metrics.registry);
  const database = eachObserver(metrics.database, tracing?.work ?? null);
  const signing = eachObserver(metrics.signer, tracing?.work ?? null);

  return {
    gateway: bothGateways(metrics.gateway, tracing?.gateway ?? null),
    signer: (signer) => watchedSigner(signer, signing),
    records: (records) => watchedRecords(records, database),
    registry: ({ names, domains }) => ({
      names: watchedStore(names, database),
      domains: watchedStore(domains, database),
    }),
    noted: (listener, clientAddress) =>
      noteAnswers(listener, clientAddress, (answered) => {
        const { method, path, status, durationMs } = answered;
        if (isOfApi(path)) metrics.api(method, status, durationMs);
        noteRequest(answered);
      }),
    traced: (listener) => tracing?.traced(listener) ?? listener,
    metrics: (mayRead) =>
      metricsListener({
        text,
        mayRead,
        onFailure: (cause) => {
          reportFailure(toSignpostError(cause));
        },
      }),
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

/** What a scrape reads of the connections to the database. */
export function poolSample(pool: string, { totalCount, idleCount, waitingCount }: Pool) {
  return { pool, busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
