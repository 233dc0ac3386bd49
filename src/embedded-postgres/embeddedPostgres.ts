/** The embedded Postgres: what Signpost runs on when no DATABASE_URL is given. A real server, and durable. */
import { mkdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SignpostError } from "../errors.js";
import { findBinaries } from "./binaries.js";
import { createCluster } from "./cluster.js";
import { dataVersion, existingDataDir, linkDataDir, newDataDir, orNull } from "./dataFolder.js";
import { reachableBinaries } from "./reachableBinaries.js";
import { runServer } from "./server.js";
import { formerServerGone, isRunning, serverState } from "./serverState.js";
import { canReach, type ServerUser, serverUser } from "./serverUser.js";
import {
  isAnswering,
  isPrivate,
  makeSocketFolderAmong,
  socketFoldersOf,
  urlOfSocketFolder,
} from "./socketFolder.js";

export interface EmbeddedPostgresOptions {
  /** Holds the data and the server's log; created if need be. */
  readonly dir: string;
  /** Where root puts what the server's user could not reach otherwise. */
  readonly systemDir?: string;
  /** Who runs it, for others who find it; a service by default. */
  readonly holder?: "command";
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** Where the data are: `<dir>/data`, unless the server's user cannot enter `dir`. */
  readonly dataDir: string;
  /** Keeps the data; resolves when the server is gone. */
  stop(): Promise<void>;
  /** Resolves when the server is gone, asked or not. */
  readonly gone: Promise<void>;
}

/** Of a server of another process, which accepts no connections yet. */
const STARTING_TIMEOUT_MS = 20_000;

/**
 * Starts the server on the data in `dir`, creating them first if need be. It stops when this process ends, in
 * whatever way. Throws INVALID_CONFIGURATION when another process holds the data, when they cannot be reached
 * or are of another version, or when no Postgres is installed; DATABASE_UNAVAILABLE when the server fails.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const systemDir = options.systemDir ?? "/var/lib/signpost";
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  const existing = await existingDataDir(dir);
  const user = await serverUser(existing);
  const place = existing ?? (await newDataDir(dir, systemDir, user));
  const version = await dataVersion(place);
  const binaries = await findBinaries(version ?? undefined);
  if (version !== null) await assertUsable(place, user, version, binaries.majorVersion);
  const bin = await reachableBinaries(binaries, systemDir, user);
  if (version === null) await createCluster({ bin, dataDir: place, user, durable: true });
  await linkDataDir(dir, place);

  const dataDir = await realpath(place);
  const socketFolder = await makeSocketFolderAmong(socketFoldersOf(dataDir), user);
  await formerServerGone(dataDir, socketFolder);
  const logFile = join(dir, "postgres.log");
  // recovery points are no news
  const settings = ["log_checkpoints=off"];
  const { holder } = options;
  const server = await runServer({
    ...{ bin, dataDir, socketFolder, user, logFile, settings },
    ...(holder && { holder }),
  });
  // the socket's folder stays: removing it could hit a process that waits for us to go, and starts
  return { url: urlOfSocketFolder(socketFolder), dataDir, ...server };
}

/**
 * The URL of the server that another process runs on the data in `dir`, or null when none runs. Throws
 * INVALID_CONFIGURATION when the data belong to another user.
 */
export async function findEmbeddedPostgres({
  dir,
}: Pick<EmbeddedPostgresOptions, "dir">): Promise<string | null> {
  const dataDir = (await orNull(realpath(dir))) && (await existingDataDir(dir));
  if (dataDir === null) return null;
  const state = await serverState(dataDir);
  if (!state?.ready || !(await isRunning(state))) return null;
  for (const folder of socketFoldersOf(dataDir)) {
    // whoever answers there gets our statements, so it has to be the data's owner
    const isTheirs = await isPrivate(folder, (await stat(dataDir)).uid);
    if (isTheirs && (await isAnswering(folder))) return urlOfSocketFolder(folder);
  }
  return null;
}

/** The same of one that is about to start, once it did. Null when none runs, or it takes long. */
export async function startingEmbeddedPostgres({
  dir,
}: Pick<EmbeddedPostgresOptions, "dir">): Promise<string | null> {
  const deadline = Date.now() + STARTING_TIMEOUT_MS;
  for (;;) {
    const url = await findEmbeddedPostgres({ dir });
    if (url !== null || Date.now() > deadline) return url;
    const dataDir = await existingDataDir(dir);
    const state = dataDir && (await serverState(dataDir));
    if (!state || !(await isRunning(state))) return null;
    await delay(50);
  }
}

/** Whether a server ever ran on `dir`. Throws INVALID_CONFIGURATION when that belongs to another user. */
export async function hasEmbeddedPostgres({
  dir,
}: Pick<EmbeddedPostgresOptions, "dir">): Promise<boolean> {
  return (await orNull(realpath(dir))) !== null && (await existingDataDir(dir)) !== null;
}

async function assertUsable(
  dataDir: string,
  user: ServerUser,
  dataMajorVersion: number,
  majorVersion: number,
): Promise<void> {
  if (dataMajorVersion !== majorVersion) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The data in ${dataDir} were written by Postgres ${dataMajorVersion}, but the one found here is ${majorVersion}. Install version ${dataMajorVersion}, or upgrade the data with pg_upgrade.`,
      { dataMajorVersion, majorVersion },
    );
  }
  if (!(await canReach(user, dataDir))) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The data in ${dataDir} belong to a user who cannot enter that folder any more. Open the folders above it, or move the data, or set DATABASE_URL.`,
    );
  }
}
