/**
 * What this service is: its version, the capabilities that it runs, and the schema of each in its database. Its route
 * is loaded when it starts, so that commands beside the service begin quickly.
 */
import type { Capability } from "../../service/capability.js";
import { settingsPart } from "../../settings/settingsPart.js";

export const status: Capability<null> = {
  name: "status",
  summary: "GET /status: version, capabilities and schema versions of this service",
  settings: settingsPart("Status", {}, () => null),
  migrations: null,
  sealedColumns: [],
  addCommands: () => undefined,
  exitStatuses: {},
  prepare: () => Promise.resolve([]),
  async start(parts) {
    const { statusRoute, STATUS_ROUTE_STATUS: statuses } = await import("./statusRoute.js");
    const { handler, close } = statusRoute(parts);
    return {
      routes: [{ kind: "handler", path: "/status", handler, statuses, isApi: false }],
      readiness: () => Promise.resolve({ reasons: [], warnings: [] }),
      metrics: () => undefined,
      findings: () => Promise.resolve({ lines: [], warnings: [] }),
      reload: null,
      stop: close,
    };
  },
};
