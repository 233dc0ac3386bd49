/** What processes cost, from Linux' /proc; elsewhere nothing is known, and null says so. */
import { readdir, readFile } from "node:fs/promises";

/** USER_HZ is 100 on every architecture that Node runs on. */
const SECONDS_PER_TICK = 0.01;
/** Positions in /proc/<pid>/stat behind the name, which may hold spaces (man proc_pid_stat: field 3 is the first). */
const PARENT = 1;
const OWN_TICKS = [11, 12];
const TICKS_OF_ENDED_CHILDREN = [13, 14];

export interface TreeUsage {
  /** Of the process, its descendants, and those of them that have ended. */
  readonly cpuSec: number;
  /** The most memory that the processes ever held, added up. */
  readonly peakRssBytes: number;
  readonly processes: number;
}

interface ProcessRow {
  readonly pid: number;
  readonly fields: readonly string[];
}

export async function treeUsage(root: number): Promise<TreeUsage | null> {
  const rows = await processRows();
  const tree = descendants(rows, root);
  const rootRow = rows.find(({ pid }) => pid === root);
  if (rootRow === undefined) return null;
  const ticks =
    sumOf(tree.map((row) => ticksOf(row, OWN_TICKS))) + ticksOf(rootRow, TICKS_OF_ENDED_CHILDREN);
  const peaks = await Promise.all(tree.map(({ pid }) => peakRssBytes(pid)));
  return {
    cpuSec: ticks * SECONDS_PER_TICK,
    peakRssBytes: sumOf(peaks),
    processes: tree.length,
  };
}

/** CPU time that one process has used, in seconds; null when it has ended. */
export async function cpuSecOf(pid: number): Promise<number | null> {
  const row = await processRow(pid);
  return row === null ? null : ticksOf(row, OWN_TICKS) * SECONDS_PER_TICK;
}

/** CPU time that the machine has spent on anything, in seconds; what a hypervisor took away counts. */
export async function busySec(): Promise<number | null> {
  const stat = await readFile("/proc/stat", "utf8").catch(() => null);
  if (stat === null) return null;
  const line = stat.slice(0, stat.indexOf("\n")).trim().split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line;
  return (user + nice + system + irq + softirq + steal) * SECONDS_PER_TICK;
}

async function processRows(): Promise<readonly ProcessRow[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(pids.map(processRow));
  return rows.filter((row) => row !== null);
}

async function processRow(pid: number): Promise<ProcessRow | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat === null ? null : { pid, fields: stat.slice(stat.lastIndexOf(")") + 2).split(" ") };
}

function descendants(rows: readonly ProcessRow[], root: number): readonly ProcessRow[] {
  const children = rows.filter(({ fields }) => Number(fields[PARENT]) === root);
  const own = rows.filter(({ pid }) => pid === root);
  return [...own, ...children.flatMap(({ pid }) => descendants(rows, pid))];
}

async function peakRssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function ticksOf({ fields }: ProcessRow, positions: readonly number[]): number {
  return sumOf(positions.map((position) => Number(fields[position])));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
