/** A page that looks up names in the visitor's browser, by the SDK. The service only hands out its files. */
import type { Capability, RunningCapability } from "../../service/capability.js";
import { settingsPart } from "../../settings/settingsPart.js";

export const lookupPage: Capability<null> = {
  name: "lookup-page",
  summary: "GET /lookup: a page that looks up and verifies names in the visitor's browser",
  settings: settingsPart("Lookup page", {}, () => null),
  migrations: null,
  sealedColumns: [],
  addCommands: () => undefined,
  exitStatuses: {},
  prepare: () => Promise.resolve([]),
  start: startLookupPage,
};

/** Throws INVALID_CONFIGURATION where the page was not built. */
export async function startLookupPage(): Promise<RunningCapability> {
  const { lookupPageRoutes, LOOKUP_PAGE_STATUS: statuses } = await import("./lookupPageRoutes.js");
  const { readPageFiles } = await import("./pageFiles.js");
  const handler = lookupPageRoutes(await readPageFiles());
  return {
    routes: [{ kind: "handler", path: "/lookup", handler, statuses, isApi: false }],
    readiness: () => Promise.resolve({ reasons: [], warnings: [] }),
    metrics: () => undefined,
    findings: () => Promise.resolve({ lines: [], warnings: [] }),
    reload: null,
    stop: () => Promise.resolve(),
  };
}
