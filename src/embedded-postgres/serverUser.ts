/**
 * Whom the server runs as. Postgres refuses to run as root, so a root process starts it as the owner of the
 * data, or as a system user that has nothing to lose.
 */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { SignpostError } from "../errors.js";

const run = promisify(execFile);

/** Ids to switch to; empty when the server runs as ourselves. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** For data that lie at `dataDir`, or null when there are none yet. */
export async function serverUser(dataDir: string | null): Promise<ServerUser> {
  if (process.platform === "win32") {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "Signpost cannot run its own Postgres on Windows. Install Postgres, or use a server elsewhere, and set DATABASE_URL.",
    );
  }
  if (process.getuid?.() !== 0) return {};
  if (dataDir !== null) {
    const { uid, gid } = await stat(dataDir);
    if (uid !== 0) return { uid, gid };
  }
  return (await idsOf("postgres")) ?? (await idsOf("nobody")) ?? noUser();
}

/** Whether the server's user passes every folder on the way to `path`, and `path` itself. */
export async function canReach(user: ServerUser, path: string): Promise<boolean> {
  try {
    await run("test", ["-x", path], { ...user, cwd: "/" });
    return true;
  } catch {
    return false;
  }
}

async function idsOf(name: string): Promise<ServerUser | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

function noUser(): never {
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    "Postgres does not run as root, and this machine has neither a user postgres nor nobody. Start Signpost as another user, or set DATABASE_URL.",
  );
}
