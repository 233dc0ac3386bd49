/** Another process that holds an embedded Postgres, and what can be seen of its server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface Holder {
  readonly process: ChildProcess;
  /** The line that it prints when its server is up. */
  readonly started: Promise<{ readonly url: string; readonly dataDir: string }>;
}

export function startHolder(dir: string): Holder {
  const program = fileURLToPath(new URL("holdProgram.ts", import.meta.url));
  const args = ["--import", "tsx", program, dir];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const line = once(createInterface({ input: child.stdout }), "line");
  const started = line.then(
    ([text]) => JSON.parse(String(text)) as { url: string; dataDir: string },
  );
  started.catch(() => undefined); // a holder that is killed early prints nothing
  return { process: child, started };
}

export async function kill(holder: ChildProcess): Promise<void> {
  const exited = once(holder, "exit");
  holder.kill("SIGKILL");
  await exited;
}

export async function postgresPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(`${dataDir}/postmaster.pid`, "utf8"), 10);
}

/** The parent of a process, on Linux. */
export async function parentOf(pid: number): Promise<number> {
  return Number((await statusOf(pid))[1]);
}

/** The children of a process, on Linux. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

/** Whether a process has ended, on Linux; also when nobody has asked for its exit status yet (state Z). */
export async function hasEnded(pid: number): Promise<boolean> {
  return ["Z", undefined].includes((await statusOf(pid))[0]);
}

async function statusOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat === "" ? [] : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Waits for `condition`, and throws after `timeoutMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not happen within ${timeoutMs} ms`);
    await delay(10);
  }
}

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
