/** What is seen of every request and of the process itself, whatever capabilities it runs: metrics, traces, the log. */
import type { IncomingMessage, RequestListener } from "node:http";
import { Registry } from "prom-client";
import { type AnsweredRequest, noteAnswers } from "../http/accessLog.js";
import type { ClientAddress } from "../http/clientAddress.js";
import { type MetricsListener, metricsListener } from "../http/metricsListener.js";
import type { Readiness } from "../http/readiness.js";
import type { ReportFailure } from "../http/refuse.js";
import { toSignpostError } from "../http/shownError.js";
import { VERSION } from "../installation/version.js";
import { publishApi } from "../observe/apiCounts.js";
import { publishOwnProcess } from "../observe/ownProcess.js";
import type { Tracing } from "../observe/tracing.js";
import type { CapabilityRoute, RunningCapability } from "./capability.js";

export interface ObservationOptions {
  readonly reportFailure: ReportFailure;
  /** Told of each request that is no lookup. */
  readonly noteRequest?: (answered: AnsweredRequest) => void;
  /** From this process's metrics to what a scrape gets; by default they are all that there is. */
  readonly metricsText?: (own: Registry) => () => Promise<string>;
  readonly tracing?: Tracing | null;
}

export interface Observation {
  /** Tells of the requests that a listener has answered, and gives each its id. */
  noted(listener: RequestListener, clientAddress: ClientAddress): RequestListener;
  traced(listener: RequestListener): RequestListener;
  /** Answers GET /metrics for those who may read it. */
  metrics(mayRead: (request: IncomingMessage) => boolean): MetricsListener;
}

export function observe(
  running: readonly Pick<RunningCapability, "routes" | "metrics">[],
  readiness: Readiness,
  options: ObservationOptions,
): Observation {
  const { reportFailure, noteRequest = () => undefined, tracing = null } = options;
  const { metricsText = (own: Registry) => () => own.metrics() } = options;
  const routes = running.flatMap((capability) => capability.routes);
  const [isOfApi, hiddenPath] = [pathsOfApis(routes), hiddenPaths(routes)];
  const registry = new Registry();
  const isReady = async () => (await readiness()).reasons.length === 0;
  const publish = publishOwnProcess(registry, { version: VERSION, isReady });
  const countRequest = publishApi(publish);
  const text = metricsText(registry);
  for (const capability of running) capability.metrics(publish);

  return {
    noted: (listener, clientAddressOf) =>
      noteAnswers(listener, { clientAddressOf, isOfApi, hiddenPath }, (answered) => {
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

/** Whether a path is that of a capability's API, and not of somebody who watches. */
function pathsOfApis(routes: readonly CapabilityRoute[]): (path: string) => boolean {
  const apis = routes.flatMap((route) =>
    route.kind === "handler" && route.isApi ? [`${route.path}/`] : [],
  );
  return (path) => apis.some((api) => path.startsWith(api));
}

/** What is logged of a path that is not to be kept: below which handler it is. Null for all others. */
function hiddenPaths(routes: readonly CapabilityRoute[]): (path: string) => string | null {
  const handlers = routes
    .flatMap((route) => (route.kind === "handler" ? [route] : []))
    .map(({ path, hidesPaths = false }) => ({ base: path === "/" ? "" : path, hidesPaths }))
    // the one that answers is the one with the longest path
    .sort((one, other) => other.base.length - one.base.length);
  return (path) => {
    // express takes letters of either size
    const asked = path.toLowerCase();
    const own = handlers.find(({ base }) => asked.startsWith(`${base.toLowerCase()}/`));
    return own?.hidesPaths === true ? `${own.base}/...` : null;
  };
}
