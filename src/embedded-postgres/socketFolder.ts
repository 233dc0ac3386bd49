/**
 * The folder of the server's unix socket. Short, because the operating system allows a socket's path about 100
 * bytes and a checkout may lie deep; derived from the data folder, so that a second process finds it; and
 * closed to other users, because whoever enters is let in without a password.
 */
import { createHash } from "node:crypto";
import { access, constants, lchown, lstat, mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { SignpostError } from "../errors.js";
import type { ServerUser } from "./serverUser.js";

/** Part of the socket's file name; given everywhere, so that the environment's PGPORT does not matter. */
export const SOCKET_PORT = 5432;

const SOCKET_FILE = `.s.PGSQL.${SOCKET_PORT}`;
/** In bytes; macOS allows 103. */
const LONGEST_PATH = 100;

/** Not the environment's temporary folder: it may be long, and differ between two processes. */
export function socketFolderOf(dataDir: string): string {
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return `/tmp/signpost-${hash}`;
}

/**
 * Where the socket may be: the usual folder, and one beside the data for a process that may not write to /tmp, as under
 * systemd's ProtectSystem=strict. That one is left out where its path is too long.
 */
export function socketFoldersOf(dataDir: string): readonly string[] {
  const beside = join(dirname(dataDir), "socket");
  const length = Buffer.byteLength(join(beside, SOCKET_FILE));
  return length > LONGEST_PATH ? [socketFolderOf(dataDir)] : [socketFolderOf(dataDir), beside];
}

/**
 * Creates the first of them that can be, and returns it. Throws INVALID_CONFIGURATION where none can, or somebody else may
 * have made it.
 */
export async function makeSocketFolderAmong(
  folders: readonly string[],
  user: ServerUser,
): Promise<string> {
  for (const folder of folders) {
    try {
      await makeSocketFolder(folder, user);
      // one that an earlier process left may be on a file system that is read-only by now
      await access(folder, constants.W_OK);
      return folder;
    } catch (error) {
      if (!isNotWritable(error)) throw error;
    }
  }
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `No folder for the socket of the embedded Postgres can be made: ${folders.join(", ")}. Let this process write to /tmp, give SIGNPOST_DIR a shorter path, or set DATABASE_URL.`,
  );
}

function isNotWritable(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    ["EROFS", "EACCES", "EPERM"].includes(String(error.code))
  );
}

/** Creates the folder, or takes an existing one if it is exactly as we would have made it. */
export async function makeSocketFolder(folder: string, user: ServerUser): Promise<void> {
  const uid = user.uid ?? process.getuid?.();
  try {
    await mkdir(folder, { mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) await lchown(folder, user.uid, user.gid);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (await isPrivate(folder, uid)) return;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `${folder} exists, but is not a private folder of the user that Postgres runs as: somebody else may have made it. Look at it, delete it, and start again.`,
  );
}

/** Whether nobody but `uid` (and root) can have put a socket there. */
export async function isPrivate(folder: string, uid: number | undefined): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  return (
    found !== null && found.isDirectory() && found.uid === uid && (found.mode & 0o777) === 0o700
  );
}

export function urlOfSocketFolder(folder: string): string {
  const host = encodeURIComponent(folder);
  return `postgresql://postgres@localhost:${SOCKET_PORT}/postgres?host=${host}&sslmode=disable`;
}

/** Whether a server listens there. */
export function isAnswering(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(folder, SOCKET_FILE));
    const settle = (answering: boolean) => {
      socket.destroy();
      resolve(answering);
    };
    socket.setTimeout(1_000, () => {
      settle(false);
    });
    socket.once("connect", () => {
      settle(true);
    });
    socket.once("error", () => {
      settle(false);
    });
  });
}
