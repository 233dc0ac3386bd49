/** What one case came to: the numbers that are kept. */
import type { Contestant } from "../measure/contestant.js";
import type { Turn } from "../measure/round.js";
import { ratioByRound, type Spread, spreadOf, spreadOfMeasured } from "../measure/statistics.js";

export type CaseName =
  | "cold"
  | "hot"
  | "multicall8"
  | "names1e7"
  | "twoProcesses"
  | "coldTwo"
  | "coldManyResolvers"
  | "slowSigner"
  | "slowSignerManyResolvers"
  | "viewVsOwn"
  | "coldOneConnection"
  | "coldOtherNode"
  | "hotOtherNode";

export interface ServerResult {
  readonly name: string;
  readonly requestsPerSec: Spread;
  readonly p50Us: Spread;
  readonly p99Us: Spread;
  readonly cpuUsPerRequest: Spread | null;
  /** Of all its processes, in bytes. */
  readonly peakRssBytes: number | null;
  readonly processes: number | null;
  /** Of answers that were not in a cache; null where the server does not tell. */
  readonly signaturesPerLookup?: Spread | null;
  readonly serverCores: Spread | null;
  readonly loadCores: Spread | null;
  readonly postgresCores: Spread | null;
  readonly otherCores: Spread | null;
}

/** The first server against another one. */
export interface Ratio {
  readonly to: string;
  readonly throughput: Spread;
  /** How many times the first one's CPU time the other one takes for a request. */
  readonly cpu: Spread | null;
  /** How many times the first one's median time the other one takes to answer. */
  readonly p50: Spread | null;
}

export interface CaseResult {
  readonly title: string;
  readonly measuredAt: string;
  readonly connections: number;
  readonly rounds: number;
  readonly secondsPerTurn: number;
  /** The first one is compared with each of the others. */
  readonly servers: readonly ServerResult[];
  readonly ratios: readonly Ratio[];
  /** What makes the numbers doubtful. */
  readonly notes: readonly string[];
}

/** Below this, a server with one process had to wait for something else. */
const SATURATED_CORES = 0.9;
/** Above this, other programs had a say in the result. */
const DISTURBING_CORES = 0.15;

function serverResult(name: string, turns: readonly Turn[]): ServerResult {
  const spread = (field: "requestsPerSec" | "p50Us" | "p99Us") =>
    spreadOf(turns.map((turn) => turn[field]));
  const measured = (field: keyof Turn) => spreadOfMeasured(turns.map((turn) => turn[field]));
  return {
    name,
    requestsPerSec: spread("requestsPerSec"),
    p50Us: spread("p50Us"),
    p99Us: spread("p99Us"),
    cpuUsPerRequest: measured("cpuUsPerRequest"),
    peakRssBytes: measured("peakRssBytes")?.highest ?? null,
    processes: measured("processes")?.median ?? null,
    signaturesPerLookup: measured("signaturesPerLookup"),
    serverCores: measured("serverCores"),
    loadCores: measured("loadCores"),
    postgresCores: measured("postgresCores"),
    otherCores: measured("otherCores"),
  };
}

export function compare(turns: ReadonlyMap<Contestant, readonly Turn[]>): {
  servers: ServerResult[];
  ratios: Ratio[];
} {
  const entries = [...turns].map(([{ name }, ofServer]) => ({ name, turns: ofServer }));
  const [first, ...others] = entries;
  const values = (of: readonly Turn[] | undefined, field: keyof Turn) =>
    (of ?? []).map((turn) => turn[field]);
  return {
    servers: entries.map((entry) => serverResult(entry.name, entry.turns)),
    ratios: others.flatMap(({ name, turns: theirs }) => {
      const ours = first?.turns;
      const throughput = ratioByRound(
        values(ours, "requestsPerSec"),
        values(theirs, "requestsPerSec"),
      );
      const cpu = ratioByRound(values(theirs, "cpuUsPerRequest"), values(ours, "cpuUsPerRequest"));
      const p50 = ratioByRound(values(theirs, "p50Us"), values(ours, "p50Us"));
      return throughput === null ? [] : [{ to: name, throughput, cpu, p50 }];
    }),
  };
}

/** What a reader of the numbers has to know about how they came about. */
export function notesOn(servers: readonly ServerResult[]): string[] {
  const notes: string[] = [];
  const most = (field: "otherCores" | "loadCores") =>
    Math.max(...servers.map((server) => server[field]?.median ?? 0));
  const idle = servers.filter(
    ({ serverCores, processes }) =>
      processes === 1 && serverCores !== null && serverCores.median < SATURATED_CORES,
  );
  if (most("otherCores") > DISTURBING_CORES) {
    notes.push(
      `Other programs used up to ${most("otherCores").toFixed(2)} cores: measure again on a quiet machine.`,
    );
  }
  if (most("loadCores") > SATURATED_CORES) {
    notes.push("The load generator used a whole core: the fastest servers can do more than this.");
  }
  if (idle.length > 0) {
    const cores = idle.map(
      ({ name, serverCores }) => `${name} (${serverCores?.median.toFixed(2) ?? ""})`,
    );
    notes.push(
      `Not at their limit, but waiting for the load generator, Postgres or a free core: ${cores.join(", ")} cores.`,
    );
  }
  return notes;
}
