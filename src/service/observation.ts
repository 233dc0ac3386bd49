/** What is seen of every request and of the process itself, whatever capabilities it runs: metrics, traces, the log. */
import type { IncomingMessage, RequestListener } from "node:http";
import { Registry } from "prom-client";
import type { SignpostError } from "../errors.js";
import { type AnsweredRequest, noteAnswers } from "../http/accessLog.js";
import type { ClientAddress } from "../http/clientAddress.js";
import { type MetricsListener, metricsListener } from "../http/metricsListener.js";
import { toSignpostError } from "../http/shownError.js";
import { publishApi } from "../observe/apiCounts.js";
import { publishOwnProcess } from "../observe/ownProcess.js";
import type { Publisher } from "../observe/publish.js";
import type { Tracing } from "../observe/tracing.js";

export interface ObservationOptions {
  readonly version: string;
  /** As /health/ready tells it. */
  readonly isReady: () => Promise<boolean>;
  /** From a process's own metrics to the text that a scrape gets. */
  readonly metricsText: (own: Registry) => () => Promise<string>;
  /** Null for no traces. */
  readonly tracing: Tracing | null;
  /** Told of each request that is no lookup. */
  readonly noteRequest: (answered: AnsweredRequest) => void;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface Observation {
  readonly publish: Publisher;
  /** Tells of the requests that a listener has answered, and gives each its id. */
  noted(listener: RequestListener, clientAddress: ClientAddress): RequestListener;
  traced(listener: RequestListener): RequestListener;
  /** Answers GET /metrics for those who may read it. */
  metrics(mayRead: (request: IncomingMessage) => boolean): MetricsListener;
}

/** @param isOfApi whether a path is that of a capability's API, and not of somebody who watches */
export function createObservation(
  options: ObservationOptions,
  isOfApi: (path: string) => boolean,
): Observation {
  const { version, isReady, tracing, noteRequest, reportFailure, metricsText } = options;
  const registry = new Registry();
  const publish = publishOwnProcess(registry, { version, isReady });
  const countRequest = publishApi(publish);
  const text = metricsText(registry);

  return {
    publish,
    noted: (listener, clientAddressOf) =>
      noteAnswers(listener, { clientAddressOf, isOfApi }, (answered) => {
        if (answered.isOfApi) {
          countRequest(answered.method, answered.status, answered.durationMs);
        }
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
