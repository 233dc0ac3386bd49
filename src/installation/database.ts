/** The database of an installation: yours, when DATABASE_URL names it; the embedded one otherwise. */
import { join, resolve } from "node:path";
import { placeOfDatabase } from "../db/pool.js";
import { existingDataDir } from "../embedded-postgres/dataFolder.js";
import {
  findEmbeddedPostgres,
  hasEmbeddedPostgres,
  startEmbeddedPostgres,
  startingEmbeddedPostgres,
} from "../embedded-postgres/embeddedPostgres.js";
import { commandOf, serverState } from "../embedded-postgres/serverState.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { InstallationConfig } from "../settings/installationSettings.js";
import { standBeside, untilNobodyIsBeside } from "./besideCommands.js";

export interface Database {
  readonly url: string;
  /** For people: what it is and where its data lie; no secret in it. */
  readonly description: string;
  /** Called when our own server ends without having been asked to; never for yours, which comes back by itself. */
  onLost(report: () => void): void;
  stop(): Promise<void>;
}

/** For the service, which runs the embedded server itself. */
export async function startDatabase(
  config: InstallationConfig,
  holder?: "command",
): Promise<Database> {
  const { databaseUrl } = config.secrets;
  if (databaseUrl !== null) return yours(databaseUrl);
  const dir = embeddedFolder(config);
  const server = await startEmbeddedPostgres({ dir, ...(holder && { holder }) });
  let stopping = false;
  return {
    url: server.url,
    description: `embedded Postgres, data in ${server.dataDir}`,
    onLost: (report) => {
      void server.gone.then(() => {
        if (!stopping) report();
      });
    },
    stop: () => {
      stopping = true;
      return server.stop();
    },
  };
}

/**
 * What a command does where no service ever ran: it refuses; makes tables in the database of DATABASE_URL, which somebody
 * has named, and refuses otherwise; or begins a new embedded database as well.
 */
export type WhereNone = "refuse" | "make tables" | "make";

/**
 * For a command beside the service: the embedded server of a running service or of another command, or one of its own
 * meanwhile, which it stops when no other command works on it any more.
 * @param tell gets a sentence while it waits for those
 * @throws INVALID_CONFIGURATION where there is none, and that is refused
 */
export async function attachDatabase(
  config: InstallationConfig,
  whereNone: WhereNone,
  tell: (sentence: string) => void,
): Promise<Database> {
  const { databaseUrl } = config.secrets;
  if (databaseUrl !== null) return yours(databaseUrl);
  const dir = embeddedFolder(config);
  const url = await findEmbeddedPostgres({ dir });
  if (url !== null) return beside(url, dir);
  const isNew = !(await hasEmbeddedPostgres({ dir }));
  if (isNew && whereNone !== "make") throw noInstallation(dir, whereNone);
  let database: Database;
  try {
    database = await startDatabase(config, "command");
  } catch (error) {
    // another process started it since
    const theirUrl = isSignpostError(error, "INVALID_CONFIGURATION")
      ? await startingEmbeddedPostgres({ dir })
      : null;
    if (theirUrl === null) throw error;
    return beside(theirUrl, dir);
  }
  return {
    ...database,
    description: `${isNew ? "a new " : ""}${database.description}`,
    stop: async () => {
      await untilNobodyIsBeside(database.url, tell);
      await database.stop();
    },
  };
}

async function beside(url: string, dir: string): Promise<Database> {
  const letGo = await standBeside(url);
  const dataDir = (await existingDataDir(dir)) ?? resolve(dir);
  const state = await serverState(dataDir);
  const command = state && commandOf(state);
  const whose =
    command === null
      ? "the running service's embedded Postgres"
      : `the embedded Postgres of another command (process ${command})`;
  return { ...theirs(url, `${whose}, data in ${dataDir}`), stop: letGo };
}

function noInstallation(dir: string, whereNone: WhereNone): SignpostError {
  const orNew = whereNone === "refuse" ? "" : " To begin a new one here, add --new.";
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `There is no installation here: DATABASE_URL is not set, and no service ever ran with the folder ${resolve(dir)}. Give this command the settings of the service: name their file by --env-file (of a systemd unit, its EnvironmentFile=); run it in the service's folder, where its .env is; or set DATABASE_URL or SIGNPOST_DIR as the service has them.${orNew}`,
  );
}

function yours(url: string): Database {
  return theirs(url, `the Postgres of DATABASE_URL, ${placeOfDatabase(url)}`);
}

/** A server that somebody else starts and stops. */
function theirs(url: string, description: string): Database {
  return { url, description, onLost: () => undefined, stop: () => Promise.resolve() };
}

function embeddedFolder({ directory }: InstallationConfig): string {
  return join(directory, "postgres");
}
