/** One process that serves: alone, or as one of several that share a port. */
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { openConfiguredSigner } from "../installation/configuredSigner.js";
import { startDatabase } from "../installation/database.js";
import { VERSION } from "../installation/version.js";
import { signerHere, signerInThread } from "../native/localSigners.js";
import { failureLog } from "../observe/failureLog.js";
import { type Log, openLog } from "../observe/log.js";
import { shareMetrics } from "../observe/processMetrics.js";
import type { Tracing } from "../observe/tracing.js";
import { noteRequestIn } from "../service/requestLog.js";
import { type Service, startService } from "../service/service.js";
import type { Config } from "../settings/config.js";
import type { ReadSettings } from "../settings/environment.js";
import { announceStart, tellFindings } from "./announcement.js";
import { onHangUp } from "./hangUp.js";
import { growModestly } from "./memory.js";
import { obeyPrimary } from "./processMessages.js";
import { signerReload } from "./signerReload.js";

/** Returns when it listens; throws what startService throws, and whatever is wrong with signer or database. */
export async function runService(config: Config, readSettings: ReadSettings): Promise<void> {
  growModestly();
  const log = openLog({ level: config.logLevel, readable: process.stdout.isTTY });
  const failures = failureLog(log);
  const tracing = config.traces ? await openTracing(log) : null;
  const openLocal = hasCoreForSigning(config) ? signerInThread : signerHere;
  const signer = await openConfiguredSigner(config, "make", openLocal);
  const database = await startDatabase(config);
  let service: Service;
  try {
    service = await startService({
      ...optionsOf(config),
      databaseUrl: database.url,
      signer,
      reportFailure: (error, requestId) => {
        failures.report(error, requestId);
      },
      noteRequest: noteRequestIn(log, config.logClientAddresses),
      noteLookups: log.isOn("debug"),
      metricsText: shareMetrics,
      tracing,
    });
  } catch (error) {
    await database.stop();
    throw error;
  }
  database.onLost(databaseLost);

  let stopping: Promise<void> | undefined;
  const stop = (reason: string) =>
    (stopping ??= (async () => {
      log.info(`${reason}: finishing the requests under way ...`);
      await service.stop();
      await database.stop();
      await tracing?.stop();
      failures.flush();
    })());
  const end = (reason: string) => {
    void stop(reason).then(() => process.exit(0));
  };
  const tell = (line: string) => {
    log.info(line);
  };
  const open = () => openConfiguredSigner(readSettings(), "refuse", openLocal);
  const reloadSigner = signerReload({ open, service, signer, tell });
  const findings = () => tellFindings(service, config, log);

  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end);
  onHangUp({ ofTerminal: () => stop("SIGHUP"), otherwise: reloadSigner });
  if (cluster.isPrimary) {
    announceStart({ ...service, ...config, database, signer }, log);
    await findings();
  } else {
    obeyPrimary(service, {
      "tell findings": () => void findings(),
      "reload signer": reloadSigner,
      stop: () => {
        end("The primary process stops");
      },
    });
  }
}

/** The event loops have a core each before a signing thread has one. */
function hasCoreForSigning({ processes }: Config): boolean {
  return availableParallelism() >= 2 * processes;
}

/** What an embedded server's end means for whoever runs it. */
export function databaseLost(): never {
  console.error(
    "signpost: the embedded Postgres has ended by itself, so nothing can be answered any more. Its last words are in postgres.log, in SIGNPOST_DIR. Start Signpost again; the data are kept.",
  );
  process.exit(1);
}

/** The settings that the service takes as they are. */
function optionsOf({ secrets, databasePooler, ...config }: Config) {
  const { validitySec, maxAgeSec, answerCacheBytes } = config;
  const { host, port, metricsAt, dm3Domains, trustedProxies } = config;
  const { standbyDatabaseUrls, chainRpcUrls } = secrets;
  const lookups = { validitySec, maxAgeSec, answerCacheBytes };
  const databases = { standbyDatabaseUrls, pooler: databasePooler };
  const surfaces = { host, port, metricsAt, dm3Domains, trustedProxies };
  return { ...lookups, ...databases, ...surfaces, chainRpcUrls };
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
