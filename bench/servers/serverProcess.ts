/** A server under test: a process of its own that prints where it listens. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { SignpostError } from "../../src/errors.js";
import { RESOLVER } from "./resolvers.js";

export interface RunningServer {
  readonly name: string;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Where its lookups are, from the origin on; the call data and `.json` follow. */
  readonly lookups: string;
  /** Those that it is asked for by turns, 0x hex: what stands for `{resolver}` in `lookups`. */
  readonly resolvers: readonly string[];
  /** Whether `/metrics` tells how many signatures it took. */
  readonly countsSignatures: boolean;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly name: string;
  readonly lookups: string;
  /** By default the first one alone. */
  readonly resolvers?: readonly string[];
  readonly countsSignatures?: boolean;
  /** Another one than runs the bench. */
  readonly node?: string | undefined;
  /** Of node. */
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment, but for PATH and HOME. */
  readonly settings: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** Returns when it listens. Throws INTERNAL, with its last words, when it does not. */
export async function startServerProcess(program: ServerProgram): Promise<RunningServer> {
  const { name, lookups, args, cwd, settings, resolvers = [RESOLVER] } = program;
  const child = spawn(program.node ?? process.execPath, args, {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // when we are interrupted, it must not stay
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "exit").catch(() => undefined);
  let output = "";
  const origin = new Promise<string | null>((resolve) => {
    const read = (chunk: Buffer) => {
      // a server that logs every request must neither stall nor fill our memory
      output = (output + chunk.toString()).slice(-20_000);
      const url = /listens on (http:\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void ended.then(() => {
      resolve(null);
    });
    setTimeout(resolve, START_TIMEOUT_MS, null).unref();
  });
  const stop = async () => {
    const killed = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(killed);
    process.off("exit", kill);
  };
  const found = await origin;
  if (found === null || child.pid === undefined) {
    await stop();
    throw new SignpostError("INTERNAL", `${name} did not start. Its last words:\n${output}`);
  }
  const { countsSignatures = false } = program;
  return { name, origin: found, lookups, resolvers, countsSignatures, pid: child.pid, stop };
}
