/** A program of ours as a process of its own, as people run it. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { socketFolderOf } from "../src/embedded-postgres/socketFolder.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** By its address, so that it is found from any working directory. */
// not import.meta.resolve: the loader of tests may make CommonJS of this file
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

export interface ChildProgram {
  readonly process: ChildProcess;
  /** What it has printed so far, standard error included. */
  output(): string;
  /** Waits for this in its output, and returns the first group. Throws when it ends before. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<string>;
  readonly ended: Promise<{ exitStatus: number | null; signal: string | null; stdout: string }>;
}

/**
 * `program` below the project's root; nothing of our settings is inherited. What lies in src/ runs as it was built, as
 * people run it, and in half of the time: `npm test` builds first.
 */
export function startProgram(
  program: string,
  args: readonly string[],
  { settings = {}, cwd = ROOT }: { settings?: Record<string, string>; cwd?: string } = {},
): ChildProgram {
  const built = /^src\/(.*)\.ts$/.exec(program)?.[1];
  const run =
    built === undefined ? ["--import", TSX, join(ROOT, program)] : [join(ROOT, `dist/${built}.js`)];
  const child = spawn(process.execPath, [...run, ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return childOf(child);
}

/** A program that was started in another way, with its output in pipes. */
export function childOf(child: ChildProcessByStdio<null, Readable, Readable>): ChildProgram {
  let output = "";
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([exitStatus, signal]) => ({
    exitStatus: exitStatus as number | null,
    signal: signal as string | null,
    stdout,
  }));
  return {
    process: child,
    output: () => output,
    printed: async (pattern, timeoutMs = 60_000) => {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const found = pattern.exec(output);
        if (found) return found[1] ?? found[0];
        if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
          throw new Error(`The program did not print ${String(pattern)}, but:\n${output}`);
        }
        await delay(20);
      }
    },
    ended,
  };
}

/** A folder for a program's SIGNPOST_DIR or working directory, which an embedded Postgres can enter. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp("/tmp/signpost-test-"));
  if (process.getuid?.() === 0) await chmod(folder, 0o755);
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  const dataDir = join(folder, "postgres", "data");
  await rm(socketFolderOf(dataDir), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 6, retryDelay: 100 });
}

/** The processes, on Linux, whose command line holds `text`; not those that have ended. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return pid !== process.pid && commandLine.includes(text) ? pid : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}
