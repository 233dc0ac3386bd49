/**
 * Folders that are prepared beside their place and renamed when complete. The name tells which process works
 * on it, so that one that was killed can be cleaned up after.
 */
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A name, not used yet, beside `folder`. */
export function unfinishedName(folder: string): string {
  return `${folder}.unfinished-${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** A program that a killed process had started may go on writing for a moment. */
const PERSISTENTLY = { recursive: true, force: true, maxRetries: 6, retryDelay: 100 };

/** Deletes what killed processes left beside `folder`; what resists is left to the next start. */
export async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.unfinished-`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (isAlive(pid)) continue;
    await rm(join(dirname(folder), name), PERSISTENTLY).catch(() => undefined);
  }
}

/** Whether a process has this id; of whichever user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
