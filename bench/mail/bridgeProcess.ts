/** The bridge as a process of its own, as operators run it, and what it costs. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { NetworkNode } from "../../src/demo/networkNode.js";
import { cpuSecOf } from "../measure/processUsage.js";

const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** With it, `longestLag` is known. */
export const LAG_REPORTER = ["--import", new URL("lagReporter.mjs", import.meta.url).href];
const LISTENS = /Signpost listens on/;

export interface Lag {
  readonly lateMs: number;
  /** NaN where the system does not tell. */
  readonly turnCpuMs: number;
}

export interface BridgeProcess {
  readonly child: ChildProcess;
  /** So far, in seconds. */
  readonly cpuSec: () => Promise<number>;
  /** The longest during `work`, in ms: how late the event loop was, and the CPU of its thread between two turns. */
  readonly longestLag: (work: () => Promise<void>) => Promise<Lag>;
  readonly stop: () => Promise<void>;
}

/** Options of Node that write a profile of its CPU to this folder when the process ends; none without a folder. */
export function profilingTo(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", folder];
}

/**
 * The one in this process has to be stopped before.
 * @param execArgv options of Node
 */
export async function startBridgeProcess(
  { environment, url }: Pick<NetworkNode, "environment" | "url">,
  folder: string,
  execArgv: readonly string[],
): Promise<BridgeProcess> {
  const given = Object.entries(environment).filter((entry) => entry[1] !== undefined);
  const child = fork(PROGRAM, ["relay", "mail"], {
    execArgv: [...execArgv],
    env: {
      ...{ PATH: process.env["PATH"], SIGNPOST_DIR: folder, PORT: new URL(url).port },
      ...Object.fromEntries(given),
    },
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => {
      reject(new Error("The bridge ended at its start."));
    });
    child.stdout?.on("data", (bytes: Buffer) => {
      if (LISTENS.test(bytes.toString())) resolve();
    });
  });
  return {
    child,
    cpuSec: async () => (await cpuSecOf(child.pid ?? 0)) ?? NaN,
    longestLag: async (work) => {
      child.send("begin");
      await work();
      const told = once(child, "message");
      child.send("end");
      return ((await told) as [Lag])[0];
    },
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}
