/** A relay node as operators run it, `signpost serve relay`, as a process to be killed; and its memory. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { MemorySample } from "../flatness.js";
import { type MemoryReport, noteMemory } from "../memory.js";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const COLLECT_MS = 10_000;
const MOST_DEFECTS = 20;

export interface NodeProcess {
  start(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** As an operator does. Throws where it does not end well. */
  stop(): Promise<void>;
  /** Its record for network.dm3.deliveryService, as `signpost relay show` tells it. */
  record(): Promise<string>;
  /** Resident, each second, since `startedMs`. */
  readonly residentSamples: readonly MemorySample[];
  /** The heap of JavaScript, right after a collection. */
  readonly heapSamples: readonly MemorySample[];
  /** What it reported that is nobody's outage. */
  readonly defects: readonly string[];
}

/** @param settings of `signpost serve relay`; its folder is the working directory */
export function nodeProcess(
  settings: Readonly<Record<string, string>>,
  folder: string,
): NodeProcess {
  const startedMs = Date.now();
  const residentSamples: MemorySample[] = [];
  const heapSamples: MemorySample[] = [];
  const defects: string[] = [];
  let child: ChildProcess | undefined;
  const signpost = `${ROOT}dist/cli/main.js`;
  const env = { PATH: process.env["PATH"] ?? "", SIGNPOST_DIR: folder, ...settings };

  const sample = (report: MemoryReport) => {
    noteMemory({ residentSamples, heapSamples }, report, Date.now() - startedMs);
  };

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    if (child === undefined) throw new Error("The relay node does not run.");
    const ended = once(child, "exit") as Promise<[number | null]>;
    child.kill(signal);
    child = undefined;
    return (await ended)[0];
  }

  return {
    async start() {
      const memory = `${ROOT}scripts/soak/memoryReport.mjs`;
      const started = spawn(
        process.execPath,
        ["--expose-gc", "--import", memory, signpost, "serve", "relay"],
        { cwd: folder, env, stdio: ["ignore", "pipe", "pipe", "ipc"] },
      );
      child = started;
      started.on("message", sample);
      const collecting = setInterval(() => {
        if (started.connected) started.send("collect");
      }, COLLECT_MS);
      started.once("exit", () => {
        clearInterval(collecting);
      });
      started.stderr?.on("data", (chunk: Buffer) => {
        for (const line of chunk.toString().split("\n")) {
          if (/INTERNAL|TypeError|RangeError/.test(line) && defects.length < MOST_DEFECTS) {
            defects.push(line);
          }
        }
      });
      await listening(started);
    },
    kill: async () => {
      await end("SIGKILL");
    },
    async stop() {
      const status = await end("SIGTERM");
      if (status !== 0) throw new Error(`The relay node ended with status ${status}.`);
    },
    async record() {
      const args = [signpost, "relay", "show", "--json"];
      const { stdout } = await run(process.execPath, args, { cwd: folder, env });
      return (JSON.parse(stdout) as { readonly record: string }).record;
    },
    ...{ residentSamples, heapSamples, defects },
  };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const late = setTimeout(() => {
      reject(new Error(`The relay node does not listen after ${START_TIMEOUT_MS} ms:\n${output}`));
    }, START_TIMEOUT_MS);
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (!/listens on http/.test(output)) return;
      clearTimeout(late);
      child.stdout?.off("data", hear).resume();
      child.stderr?.off("data", hear);
      resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (status) => {
      clearTimeout(late);
      reject(new Error(`The relay node ended with status ${status ?? "none"}:\n${output}`));
    });
  });
}
