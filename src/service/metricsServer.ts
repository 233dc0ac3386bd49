/** Metrics on a port of their own, for whoever can reach it. */
import type { Server } from "node:http";
import { type ServerOptions, startServer } from "../http/server.js";
import type { Observation } from "./observation.js";

/** Throws INVALID_CONFIGURATION when the address cannot be listened on. */
export function startMetricsServer(
  observation: Pick<Observation, "metrics">,
  options: ServerOptions,
): Promise<Server> {
  const metrics = observation.metrics(() => true);
  return startServer((request, response) => {
    if (!metrics(request, response)) response.writeHead(404).end();
  }, options);
}
