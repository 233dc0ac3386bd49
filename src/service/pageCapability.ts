/** A capability that hands out the files of a page, and does nothing else. */
import type { Page } from "../http/web/page.js";
import { settingsPart } from "../settings/settingsPart.js";
import type { Capability, RunningCapability } from "./capability.js";

/** @param summary one line, for people */
export function pageCapability(page: Page, summary: string): Capability<null> {
  const { capability: name, title } = page;
  return {
    name,
    summary,
    settings: settingsPart(`${title.charAt(0).toUpperCase()}${title.slice(1)}`, {}, () => null),
    migrations: null,
    sealedColumns: [],
    addCommands: () => undefined,
    exitStatuses: {},
    prepare: () => Promise.resolve([]),
    start: () => startPage(page),
  };
}

/** Throws INVALID_CONFIGURATION where the page was not built. */
export async function startPage(page: Page): Promise<RunningCapability> {
  const { pageRoutes, PAGE_STATUS: statuses } = await import("../http/web/pageRoutes.js");
  const { readPageFiles } = await import("../http/web/pageFiles.js");
  const handler = pageRoutes(page, await readPageFiles(page));
  return {
    routes: [{ kind: "handler", path: `/${page.path}`, handler, statuses, isApi: false }],
    readiness: () => Promise.resolve({ reasons: [], warnings: [] }),
    metrics: () => undefined,
    findings: () => Promise.resolve({ lines: [], warnings: [] }),
    reload: null,
    stop: () => Promise.resolve(),
  };
}
