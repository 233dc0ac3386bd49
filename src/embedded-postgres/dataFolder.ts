/**
 * Where the data of an embedded server lie: in `<dir>/data`; or, when root starts it in a folder that the
 * server's user cannot enter (a checkout under /root), in the system's folder, with a symbolic link left in
 * its place. The permissions of folders that are not ours are never changed.
 */
import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, readlink, realpath, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { SignpostError } from "../errors.js";
import { canReach, type ServerUser } from "./serverUser.js";

/** The folder with existing data, links resolved, or null when `dir` has none yet. */
export async function existingDataDir(dir: string): Promise<string | null> {
  const place = join(dir, "data");
  if ((await orNull(lstat(place))) === null) return null;
  const dataDir = await orNull(realpath(place));
  if (dataDir !== null) return dataDir;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `${place} points to ${await readlink(place)}, which does not exist any more. Restore that folder, or delete the link to start with an empty database.`,
  );
}

/** Where to create the data of `dir`, an existing folder. */
export async function newDataDir(
  dir: string,
  systemDir: string,
  user: ServerUser,
): Promise<string> {
  if (await canReach(user, dir)) return join(dir, "data");
  await makeSystemDir(systemDir);
  const hash = createHash("sha256").update(dir).digest("hex").slice(0, 12);
  return join(systemDir, `${basename(dir)}-${hash}`);
}

/** Leaves a link to data that could not be created in `dir`. */
export async function linkDataDir(dir: string, dataDir: string): Promise<void> {
  const place = join(dir, "data");
  if (dataDir !== place && (await orNull(lstat(place))) === null) await symlink(dataDir, place);
}

/** The Postgres version that wrote the data, 18 for instance, or null when there are none. */
export async function dataVersion(dataDir: string): Promise<number | null> {
  const version = await orNull(readFile(join(dataDir, "PG_VERSION"), "utf8"));
  return version === null ? null : Number(version.trim());
}

/** A folder for what only root may write and everybody may read. */
export async function makeSystemDir(systemDir: string): Promise<void> {
  try {
    await mkdir(systemDir, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `Postgres does not run as root, its user cannot enter this folder, and ${systemDir} cannot be created. Start Signpost as another user, or set DATABASE_URL.`,
      {},
      { cause },
    );
  }
}

/** The value, or null when the file does not exist. Throws INVALID_CONFIGURATION when it may not be seen. */
export async function orNull<Value>(file: Promise<Value>): Promise<Value | null> {
  try {
    return await file;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code === "ENOENT") return null;
    if (error.code !== "EACCES" && error.code !== "EPERM") throw error;
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The embedded Postgres belongs to another user. Run Signpost as the user who started it first, or set DATABASE_URL.",
      {},
      { cause: error },
    );
  }
}
