/** One process that serves: alone, or as one of several that share a port. */
import cluster from "node:cluster";
import { toSignpostError } from "../http/shownError.js";
import { type Database, startDatabase } from "../installation/database.js";
import { VERSION } from "../installation/version.js";
import { failureLog } from "../observe/failureLog.js";
import { type Log, openLog } from "../observe/log.js";
import { shareMetrics } from "../observe/processMetrics.js";
import type { Tracing } from "../observe/tracing.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import type { AnnouncedLine, Tell } from "../service/capability.js";
import { noteRequestIn } from "../service/requestLog.js";
import { type Service, type Startable, startService } from "../service/service.js";
import type { InstallationConfig } from "../settings/installationSettings.js";
import { announceStart, tellFindings } from "./announcement.js";
import { onHangUp } from "./hangUp.js";
import { limitHeapGrowth } from "./heapLimits.js";
import { inTurn } from "./inTurn.js";
import { obeyPrimary } from "./processMessages.js";

/** Returns when it listens; throws what startService throws, and what is wrong with the database. */
export async function runService(
  config: InstallationConfig,
  startables: readonly Startable[],
  announced: readonly AnnouncedLine[],
  wrappingKeys: WrappingKeyLocations,
): Promise<void> {
  limitHeapGrowth();
  const log = openLog({ level: config.logLevel, readable: process.stdout.isTTY });
  const failures = failureLog(log);
  const tracing = config.traces ? await openTracing(log) : null;
  const database = await startDatabase(config);
  const report = (error: unknown) => {
    failures.report(toSignpostError(error));
  };
  /** After the service, which reports its own failures. */
  const stopRest = async () => {
    try {
      await inTurn([() => database.stop(), async () => tracing?.stop()], report);
    } finally {
      failures.flush();
    }
  };
  let service: Service;
  try {
    service = await startService(startables, {
      ...optionsOf(config, database),
      wrappingKeys,
      reportFailure: (error, requestId) => {
        failures.report(error, requestId);
      },
      noteRequest: noteRequestIn(log, config.logClientAddresses),
      noteLookups: log.isOn("debug"),
      metricsText: shareMetrics,
      tracing,
    });
  } catch (error) {
    await stopRest().catch(() => undefined);
    throw error;
  }
  database.onLost(databaseLost);

  let stopping: Promise<void> | undefined;
  const stop = (reason: string) =>
    (stopping ??= (async () => {
      log.info(`${reason}: finishing the requests under way ...`);
      await inTurn([() => service.stop(), stopRest]);
    })());
  const end = (reason: string) => {
    void stop(reason).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  const tell: Tell = (line, level = "info") => {
    log[level](line);
  };
  const reload = () => void service.reload(tell);
  const findings = () => tellFindings(service, log).catch(report);

  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end);
  onHangUp({ ofTerminal: () => stop("SIGHUP"), otherwise: reload });
  if (cluster.isPrimary) {
    announceStart({ ...service, ...config, database, announced }, log);
    await findings();
  } else {
    obeyPrimary(service, {
      "tell findings": () => void findings(),
      reload,
      stop: () => {
        end("The primary process stops");
      },
    });
  }
}

/** What an embedded server's end means for whoever runs it. */
export function databaseLost(): never {
  console.error(
    "signpost: the embedded Postgres has ended by itself, so nothing can be answered any more. Its last words are in postgres/postgres.log, in SIGNPOST_DIR (.signpost where it is not set). Start Signpost again; the data are kept.",
  );
  process.exit(1);
}

/** The settings that the service takes as they are. */
function optionsOf(
  { host, port, metricsAt, trustedProxies, databasePooler, secrets }: InstallationConfig,
  { url }: Database,
) {
  const { standbyDatabaseUrls: standbyUrls, chainRpcUrls } = secrets;
  const database = { url, standbyUrls, pooler: databasePooler };
  return { host, port, metricsAt, trustedProxies, chainRpcUrls, database };
}

/** OpenTelemetry is loaded where it is wanted, and nowhere else. */
async function openTracing(log: Log): Promise<Tracing> {
  const { startTracing } = await import("../observe/tracing.js");
  return startTracing({
    version: VERSION,
    warn: (sentence) => {
      log.warn(sentence);
    },
  });
}
