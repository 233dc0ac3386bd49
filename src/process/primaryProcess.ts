/**
 * The first of several processes behind one port. It answers nothing itself: it has the embedded Postgres and the
 * port, starts the workers that answer (node:cluster), starts another one where one ends, and passes signals on.
 */
import { startDatabase } from "../installation/database.js";
import { openLog } from "../observe/log.js";
import { shareMetrics } from "../observe/processMetrics.js";
import type { AnnouncedLine } from "../service/capability.js";
import type { InstallationConfig } from "../settings/installationSettings.js";
import { announceStart } from "./announcement.js";
import { onHangUp } from "./hangUp.js";
import { inTurn } from "./inTurn.js";
import { databaseLost } from "./serviceProcess.js";
import { startWorkers, type Workers } from "./workers.js";

/**
 * Returns when all workers listen; throws what stands in the way, after the one that met it has printed it.
 * @param secrets the secret settings that this process was started with, for its workers
 */
export async function runPrimary(
  config: InstallationConfig,
  announced: readonly AnnouncedLine[],
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const log = openLog({ level: config.logLevel, readable: process.stdout.isTTY });
  const report = (error: unknown) => {
    log.error(error instanceof Error ? error.message : String(error));
  };
  const database = await startDatabase(config);
  shareMetrics();
  let workers: Workers;
  try {
    workers = await startWorkers({
      count: config.processes,
      environment: { ...secrets, DATABASE_URL: database.url },
      onLoss: (sentence) => {
        log.error(sentence);
      },
    });
  } catch (error) {
    await database.stop().catch(report);
    throw error;
  }
  database.onLost(databaseLost);

  let stopping: Promise<void> | undefined;
  const stop = (signal: string) =>
    (stopping ??= (async () => {
      log.info(`${signal}: the processes finish the requests under way ...`);
      await inTurn([() => workers.stop(), () => database.stop()], report);
    })());
  const end = (signal: string) => {
    void stop(signal).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end);
  onHangUp({
    ofTerminal: () => stop("SIGHUP"),
    otherwise: () => {
      workers.orderAll("reload");
    },
  });

  announceStart({ ...workers.listening, ...config, database, announced }, log);
  workers.orderOne("tell findings");
}
