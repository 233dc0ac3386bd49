/** Binaries that the server's user can run: those that were found, or one copy of them for the machine. */
import { execFile } from "node:child_process";
import { cp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SignpostError } from "../errors.js";
import type { Binaries } from "./binaries.js";
import { makeSystemDir, orNull } from "./dataFolder.js";
import { canReach, type ServerUser } from "./serverUser.js";
import { removeAbandoned, unfinishedName } from "./unfinished.js";

const run = promisify(execFile);

/** Returns the folder of the programs. */
export async function reachableBinaries(
  { bin, copyable }: Binaries,
  systemDir: string,
  user: ServerUser,
): Promise<string> {
  if (await canReach(user, join(bin, "postgres"))) return bin;
  if (copyable === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The user that Postgres must run as cannot enter ${bin}. Install Postgres for all users, or set DATABASE_URL.`,
    );
  }
  const copy = join(systemDir, `postgres-${copyable.version}`);
  if ((await orNull(stat(copy))) === null) await copyWhole(copyable.folder, copy, systemDir);
  return join(copy, "bin");
}

async function copyWhole(folder: string, copy: string, systemDir: string): Promise<void> {
  await makeSystemDir(systemDir);
  await removeAbandoned(copy);
  const unfinished = unfinishedName(copy);
  try {
    await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
    // installed under a strict umask, the originals may be root's alone
    await run("chmod", ["-R", "a+rX", unfinished]);
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if ((await orNull(stat(copy))) === null) throw error; // otherwise another process was quicker
  }
}
