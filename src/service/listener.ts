/**
 * All that the service answers over HTTP, in this order: what capabilities take before express, because it has to be
 * fast; metrics; then express with health and everything else.
 */
import type { RequestListener } from "node:http";
import { createHttpApp } from "../http/app.js";
import type { ClientAddress } from "../http/clientAddress.js";
import type { MetricsListener } from "../http/metricsListener.js";
import type { Readiness } from "../http/readiness.js";
import type { ReportFailure } from "../http/refuse.js";
import type { Pause } from "../registry/changes/clock.js";
import type { CapabilityRoute } from "./capability.js";
import type { Observation } from "./observation.js";

export interface ListenerParts {
  readonly routes: readonly CapabilityRoute[];
  readonly readiness: Readiness;
  /** Null where metrics have a port of their own. */
  readonly metrics: MetricsListener | null;
  readonly observation: Pick<Observation, "noted" | "traced">;
  readonly clientAddress: ClientAddress;
  readonly reportFailure: ReportFailure;
  /** Whether what is taken before express is noted as well, which costs more than answering it. */
  readonly noteLookups: boolean;
  /** Awaited before a request goes to express, which takes longer than a lookup: a flood of them holds up no lookup. */
  readonly pause: Pause;
}

export function createListener(parts: ListenerParts): RequestListener {
  const { routes, readiness, metrics, observation, clientAddress, reportFailure } = parts;
  const first = routes.flatMap((route) => (route.kind === "listener" ? [route.take] : []));
  const handlers = routes.flatMap((route) => (route.kind === "handler" ? [route] : []));
  const express = createHttpApp({ handlers, readiness, reportFailure });
  const app: RequestListener = (request, response) => {
    void parts.pause().then(() => {
      express(request, response);
    });
  };
  const noted = (listener: RequestListener) => observation.noted(listener, clientAddress);
  const rest = parts.noteLookups ? app : noted(app);
  const all: RequestListener = (request, response) => {
    for (const take of first) if (take(request, response)) return;
    if (metrics?.(request, response) !== true) rest(request, response);
  };
  return observation.traced(parts.noteLookups ? noted(all) : all);
}
