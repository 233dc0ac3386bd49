/**
 * The folder of the server's unix socket. Short, because the operating system allows a socket's path about 100
 * bytes and a checkout may lie deep; derived from the data folder, so that a second process finds it; and
 * closed to other users, because whoever enters is let in without a password.
 */
import { createHash } from "node:crypto";
import { lchown, lstat, mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { SignpostError } from "../errors.js";
import type { ServerUser } from "./serverUser.js";

/** Part of the socket's file name; given everywhere, so that the environment's PGPORT does not matter. */
export const SOCKET_PORT = 5432;

/** Not the environment's temporary folder: it may be long, and differ between two processes. */
export function socketFolderOf(dataDir: string): string {
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return `/tmp/signpost-${hash}`;
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
    const socket = connect(join(folder, `.s.PGSQL.${SOCKET_PORT}`));
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
