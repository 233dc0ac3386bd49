/**
 * The first of several processes behind one port. It answers nothing itself: it has the embedded Postgres and the
 * port, starts the workers that answer (node:cluster), starts another one where one ends, and passes signals on.
 */
import { openConfiguredSigner } from "../installation/configuredSigner.js";
import { startDatabase } from "../installation/database.js";
import { openLog } from "../observe/log.js";
import { shareMetrics } from "../observe/processMetrics.js";
import type { Config } from "../settings/config.js";
import type { Environment } from "../settings/environment.js";
import { announceStart } from "./announcement.js";
import { onHangUp } from "./hangUp.js";
import { databaseLost } from "./serviceProcess.js";
import { startWorkers, type Workers } from "./workers.js";

/** Returns when all workers listen; throws what stands in the way, after the one that met it has printed it. */
export async function runPrimary(
  config: Config,
  { inheritedSecrets }: Pick<Environment, "inheritedSecrets">,
): Promise<void> {
  const log = openLog({ level: config.logLevel, readable: process.stdout.isTTY });
  // made, if it has to be, before several want it; and what is wrong with it is said once
  const signer = await openConfiguredSigner(config, "make");
  await signer.close();
  const database = await startDatabase(config);
  shareMetrics();
  let workers: Workers;
  try {
    workers = await startWorkers({
      count: config.processes,
      environment: { ...inheritedSecrets, DATABASE_URL: database.url },
      onLoss: (sentence) => {
        log.error(sentence);
      },
    });
  } catch (error) {
    await database.stop();
    throw error;
  }
  database.onLost(databaseLost);

  let stopping: Promise<void> | undefined;
  const stop = (signal: string) =>
    (stopping ??= (async () => {
      log.info(`${signal}: the processes finish the requests under way ...`);
      await workers.stop();
      await database.stop();
    })());
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void stop(signal).then(() => process.exit(0)));
  onHangUp({
    ofTerminal: () => stop("SIGHUP"),
    otherwise: () => {
      workers.orderAll("reload signer");
    },
  });

  announceStart({ ...workers.listening, ...config, database, signer }, log);
  workers.orderOne("tell findings");
}
