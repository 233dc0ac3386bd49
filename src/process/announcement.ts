/** What the operator reads when the service starts. */
import type { Database } from "../installation/database.js";
import { VERSION } from "../installation/version.js";
import type { Log } from "../observe/log.js";
import type { AnnouncedLine } from "../service/capability.js";
import type { Service } from "../service/service.js";

export interface Started extends Pick<Service, "url" | "metricsUrl"> {
  readonly processes: number;
  readonly database: Pick<Database, "description">;
  /** By its capabilities. */
  readonly announced: readonly AnnouncedLine[];
}

const LABEL_WIDTH = 15;

/** Where it listens, and with what. Written by the process that gets the operator's signals. */
export function announceStart(started: Started, log: Log): void {
  const { url, metricsUrl, database, processes, announced } = started;
  const ofSeveral = processes === 1 ? "" : `, the first of ${processes + 1}`;
  const lines: readonly AnnouncedLine[] = [
    ["process", `${process.pid}${ofSeveral}`],
    ["database", database.description],
    ...announced,
    ["metrics", metricsUrl],
  ];
  log.info(`Signpost listens on ${url} (version ${VERSION})`);
  for (const [label, text] of lines) log.info(`  ${label.padEnd(LABEL_WIDTH)}${text}`);
}

/** What it found: what it serves, and what keeps it from answering, or from doing so well. */
export async function tellFindings(
  { findings, readiness }: Pick<Service, "findings" | "readiness">,
  log: Log,
): Promise<void> {
  const { lines, warnings } = await findings();
  for (const line of lines) log.info(line);
  const report = await readiness();
  for (const sentence of [...report.reasons, ...report.warnings, ...warnings]) log.warn(sentence);
}
