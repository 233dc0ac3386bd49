/** Creates a database cluster, whole or not at all. */
import { execFile } from "node:child_process";
import { chown, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { SignpostError } from "../errors.js";
import { dataVersion } from "./dataFolder.js";
import { postgresEnvironment } from "./server.js";
import type { ServerUser } from "./serverUser.js";
import { removeAbandoned, unfinishedName } from "./unfinished.js";

const run = promisify(execFile);

export interface NewCluster {
  readonly bin: string;
  readonly dataDir: string;
  readonly user: ServerUser;
  /** False for a throw-away cluster, which need not survive a power cut. */
  readonly durable: boolean;
}

/**
 * Prepared beside its place and moved there when complete, so that whatever lies at `dataDir` is whole. Throws
 * INVALID_CONFIGURATION when that is not possible there.
 */
export async function createCluster({ bin, dataDir, user, durable }: NewCluster): Promise<void> {
  await removeAbandoned(dataDir);
  const unfinished = unfinishedName(dataDir);
  try {
    await mkdir(unfinished, { mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) {
      await chown(unfinished, user.uid, user.gid);
    }
    await initdb(bin, unfinished, user, durable);
    await rename(unfinished, dataDir);
    if (durable) await syncFolder(dirname(dataDir));
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    // otherwise another process was quicker: its cluster is as good as ours
    if ((await dataVersion(dataDir)) === null) throw notCreated(dataDir, cause);
  }
}

async function initdb(
  bin: string,
  folder: string,
  user: ServerUser,
  durable: boolean,
): Promise<void> {
  // no password: the socket lies in a folder that only the server's user and root can enter
  const access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"];
  // one collation everywhere, whatever the machine's language: an index stays valid when it is moved
  const text = ["--encoding=UTF8", "--locale=C"];
  const args = ["-D", folder, ...access, ...text, ...(durable ? ["--data-checksums"] : ["-N"])];
  await run(join(bin, "initdb"), args, { ...user, cwd: folder, env: postgresEnvironment() });
}

/** Makes a renaming in the folder survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notCreated(dataDir: string, cause: unknown): SignpostError {
  // what initdb prints says more than that it failed
  const printed = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
  const reason = printed || (cause instanceof Error ? cause.message : "unknown reason");
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `Postgres could not create its data in ${dataDir}: ${reason}. Free the disk, or fix the folder, or set DATABASE_URL.`,
    { dataDir },
    { cause },
  );
}
