/** What the files in a data folder say about the server that runs on it, or that ran last. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SignpostError } from "../errors.js";
import { orNull } from "./dataFolder.js";
import { isAnswering } from "./socketFolder.js";
import { isAlive } from "./unfinished.js";

export interface ServerState {
  readonly postgresPid: number;
  /** Whether it accepted connections when it wrote this. */
  readonly ready: boolean;
  /** The cluster_name it was started with, see `markOf`. */
  readonly mark: string | null;
}

/** How the server of a command is told from that of a service. */
const OF_COMMAND = "command_";

export function markOf(
  holderPid: number,
  holder: "service" | "command",
  random: string,
): `signpost-${number}-${string}` {
  return `signpost-${holderPid}-${holder === "command" ? OF_COMMAND : ""}${random}`;
}

/** The process id of the command that runs the server; null where that is a service, or not known. */
export function commandOf({ mark }: Pick<ServerState, "mark">): number | null {
  const [, pid, rest] = mark?.split("-") ?? [];
  return rest?.startsWith(OF_COMMAND) === true ? Number(pid) : null;
}

const FORMER_SERVER_TIMEOUT_MS = 20_000;
/** How long a server whose holder is gone may take before it is told to stop once more. */
const FORMER_SERVER_GRACE_MS = 3_000;

/** Null when no server runs, or the last one stopped in good order. */
export async function serverState(dataDir: string): Promise<ServerState | null> {
  // read in this order: Postgres writes them in this order, so a new command line means a new pid file
  const commandLine = await orNull(readFile(join(dataDir, "postmaster.opts"), "utf8"));
  const pidFile = await orNull(readFile(join(dataDir, "postmaster.pid"), "utf8"));
  if (pidFile === null) return null;
  // Postgres documents the file's lines in src/include/utils/pidfile.h
  const lines = pidFile.split("\n");
  return {
    postgresPid: Number(lines[0]),
    ready: lines[7]?.trim() === "ready",
    mark: /"cluster_name=(signpost-\d+-\w+)"/.exec(commandLine ?? "")?.[1] ?? null,
  };
}

/** Whether the server of that state still runs; false when another program has its process id now. */
export async function isRunning({ postgresPid }: ServerState): Promise<boolean> {
  if (!isAlive(postgresPid)) return false;
  const status = await readFile(`/proc/${postgresPid}/stat`, "utf8").catch(() => null);
  // where there is no /proc, the process id alone must do; Z has ended, and its parent does not care
  return status === null || /^\d+ \(postgres\) [^Z]/.test(status);
}

/**
 * Returns when no server runs on the data folder. One whose holder was killed is on its way out and is waited
 * for. Throws INVALID_CONFIGURATION when its holder lives: two processes must not share it this way.
 */
export async function formerServerGone(dataDir: string, socketFolder: string): Promise<void> {
  const start = Date.now();
  let told = false;
  for (;;) {
    const state = await serverState(dataDir);
    if (state === null || !(await isRunning(state))) return;
    const holderPid = Number(state.mark?.split("-")[1] ?? state.postgresPid);
    const waitedMs = Date.now() - start;
    const held = isAlive(holderPid) && (await isAnswering(socketFolder));
    if (held || waitedMs > FORMER_SERVER_TIMEOUT_MS) throw inUse(dataDir, holderPid, state);
    if (!told && !isAlive(holderPid) && waitedMs > FORMER_SERVER_GRACE_MS) {
      told = true;
      process.kill(state.postgresPid, "SIGINT"); // its supervisor was killed as well
    }
    await delay(50);
  }
}

function inUse(dataDir: string, holderPid: number, { postgresPid }: ServerState): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The embedded Postgres in ${dataDir} is in use by process ${holderPid}. Stop that process first; to run several on one database, give all of them the same DATABASE_URL.`,
    { dataDir, holderPid, postgresPid },
  );
}
