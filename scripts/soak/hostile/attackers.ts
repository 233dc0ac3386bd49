/** Starts and ends the attackers' process. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cpuSecOf } from "../../../bench/measure/processUsage.js";
import type { Endings, Orders } from "./attackProgram.js";

const PROGRAM = fileURLToPath(new URL("attackProgram.ts", import.meta.url));

export interface Attackers {
  /** CPU time that they have used so far, in seconds; null where that is not known. */
  cpuSec(): Promise<number | null>;
  /** Returns what they were answered. */
  stop(): Promise<Endings>;
}

/** Returns when they are under way. */
export async function startAttackers(orders: Orders): Promise<Attackers> {
  const child = fork(PROGRAM, { execArgv: ["--import", import.meta.resolve("tsx")] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  await messageOf(child);
  child.send(orders);
  await messageOf(child);
  return {
    cpuSec: () => cpuSecOf(child.pid ?? 0),
    stop: async () => {
      child.send("endings");
      const endings = (await messageOf(child)) as Endings;
      const ended = once(child, "exit");
      kill();
      await ended;
      process.off("exit", kill);
      return endings;
    },
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit").then(() => {
    throw new Error("The attackers ended by themselves; their error is above.");
  });
  const [message] = (await Promise.race([once(child, "message"), ended])) as [unknown];
  return message;
}
