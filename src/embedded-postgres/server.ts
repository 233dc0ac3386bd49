/** Runs a server on an existing cluster, so that it never outlives this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SignpostError } from "../errors.js";
import { markOf, serverState } from "./serverState.js";
import type { ServerUser } from "./serverUser.js";
import { SOCKET_PORT } from "./socketFolder.js";

export interface ServerOptions {
  readonly bin: string;
  readonly dataDir: string;
  readonly socketFolder: string;
  readonly user: ServerUser;
  readonly logFile: string;
  /** `name=value` */
  readonly settings: readonly string[];
  /** Who runs it, for others who find it; a service by default. */
  readonly holder?: "command";
  /** Deleted when the server has stopped, even when this process was killed. */
  readonly removeAfter?: string;
}

/** A crash recovery reads up to some gigabytes. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
/** Errors only, and so some years; the log is emptied at a start when it is over this. */
const MAX_LOG_BYTES = 1_000_000;

/**
 * A shell between us and Postgres holds the read end of a pipe. When this process ends, for whatever reason,
 * kill -9 included, the pipe closes and the shell asks Postgres for a fast shutdown (SIGINT). A terminal's
 * Ctrl-C reaches neither, because they run in a session of their own.
 */
const SUPERVISOR = `
  remove=$1; shift
  exec 3<&0 </dev/null
  "$@" 3<&- & postgres=$!
  trap 'kill -INT $postgres' INT TERM HUP
  { while read -r _; do :; done; kill -INT $postgres; } <&3 2>/dev/null & watch=$!
  exec 3<&-
  wait $postgres; status=$?
  while kill -0 $postgres 2>/dev/null; do wait $postgres; status=$?; done
  kill $watch 2>/dev/null
  cd /
  [ -z "$remove" ] || rm -rf "$remove"
  exit $status`;

export interface RunningServer {
  /** Keeps the data; resolves when the server is gone. */
  stop(): Promise<void>;
  /** Resolves when the server is gone, asked or not. */
  readonly gone: Promise<void>;
}

/** Returns when the server accepts connections. */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const logStart = await trimmedLog(options.logFile);
  const mark = markOf(process.pid, options.holder ?? "service", randomBytes(4).toString("hex"));
  const child = spawnServer(options, mark);
  const exited = once(child, "exit").catch(() => undefined); // could not even be spawned: has exited, too
  try {
    await ready(options.dataDir, child, exited, mark);
  } catch {
    await stop(child, exited);
    throw await notStarted(options, logStart);
  }
  // the server must not keep a finished program from ending
  child.unref();
  return { stop: () => stop(child, exited), gone: exited.then(() => undefined) };
}

function spawnServer(options: ServerOptions, mark: string): ChildProcess {
  const log = openSync(options.logFile, "a", 0o600);
  const settings = ["listen_addresses=", `cluster_name=${mark}`, ...options.settings];
  const postgres = [
    join(options.bin, "postgres"),
    ...["-D", options.dataDir, "-k", options.socketFolder, "-p", String(SOCKET_PORT)],
    ...settings.flatMap((setting) => ["-c", setting]),
  ];
  try {
    const args = ["-c", SUPERVISOR, "signpost-postgres", options.removeAfter ?? "", ...postgres];
    return spawn("/bin/sh", args, {
      ...options.user,
      cwd: options.dataDir,
      env: postgresEnvironment(),
      // a file, not a pipe to us: a busy process would hold up the server
      stdio: ["pipe", log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** Throws when the server ends instead, or takes too long. */
async function ready(
  dataDir: string,
  child: ChildProcess,
  exited: Promise<unknown>,
  mark: string,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!hasExited(child) && Date.now() < deadline) {
    const state = await serverState(dataDir);
    if (state?.mark === mark && state.ready) return;
    await Promise.race([exited, delay(20)]);
  }
  throw new Error("not ready");
}

async function notStarted(
  { dataDir, logFile }: ServerOptions,
  logStart: number,
): Promise<SignpostError> {
  const log = (await readFile(logFile)).subarray(logStart).toString();
  const lastWords = log.trim().split("\n").slice(-8).join("\n");
  if (/lock file ".*" already exists/.test(log)) {
    return new SignpostError(
      "INVALID_CONFIGURATION",
      `Another Postgres seems to run on ${dataDir}. Stop it; if the process that its log names is not Postgres, delete postmaster.pid in that folder.\n${lastWords}`,
      { dataDir },
    );
  }
  return new SignpostError(
    "DATABASE_UNAVAILABLE",
    `The embedded Postgres did not start. Correct what its last words say (they are in ${logFile}), or set DATABASE_URL.\n${lastWords}`,
    { dataDir },
  );
}

/** The size of the log, in bytes, after emptying it when it has grown large. */
async function trimmedLog(logFile: string): Promise<number> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size <= MAX_LOG_BYTES) return size;
  await truncate(logFile);
  return 0;
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (hasExited(child)) return;
  child.ref();
  child.stdin?.end();
  const patience = new AbortController();
  const late = delay(STOP_TIMEOUT_MS, "late", { signal: patience.signal }).catch(() => "stopped");
  const outcome = await Promise.race([exited, late]);
  patience.abort();
  if (outcome !== "late" || child.pid === undefined) return;
  // an immediate shutdown of the whole group; the next start recovers from the log
  process.kill(-child.pid, "SIGQUIT");
  await exited;
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** What Postgres needs of ours, and nothing else: it may run as another user, who must not read our secrets. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const needed = /^(PATH|HOME|TMPDIR|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)$/;
  const inherited = Object.entries(process.env).filter(([name]) => needed.test(name));
  return { ...Object.fromEntries(inherited), LC_ALL: "C", TZ: "UTC" };
}
