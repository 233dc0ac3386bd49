/** What we want to reach, and whether we did. */
import type { Spread } from "../measure/statistics.js";
import type { CaseName } from "./caseResult.js";
import type { Results } from "./results.js";

export interface Target {
  readonly what: string;
  /** Null: not measured. */
  readonly measured: number | null;
  readonly bound: number;
  readonly is: "at least" | "at most";
}

const EZCCIP = "@resolverworks/ezccip";
const BEFORE = "Signpost before";

/** The numbers that others quote; null where a case, or a server in it, was not measured. `Before`: an earlier build. */
export interface Ratios {
  readonly coldVsEzccip: number | null;
  readonly hotVsBareHttp: number | null;
  readonly multicall8VsEzccip: number | null;
  readonly names1e7Vs1e4: number | null;
  readonly cpuPerRequestTwoVsOne: number | null;
  /** Requests a second, from a connected view by from our own tables. */
  readonly viewVsOwn: number | null;
  /** Requests a second, ours by theirs. */
  readonly coldVsBefore: number | null;
  readonly hotVsBefore: number | null;
  readonly multicall8VsBefore: number | null;
  /** CPU for a request, ours by theirs. */
  readonly coldCpuVsBefore: number | null;
  /** Median time to answer, ours by theirs. */
  readonly coldP50OneConnectionVsBefore: number | null;
}

export function ratiosOf({ cases }: Pick<Results, "cases">): Ratios {
  const ratio = (name: CaseName, to: string) =>
    cases[name]?.ratios.find((candidate) => candidate.to.startsWith(to));
  const throughput = (name: CaseName, to: string) => ratio(name, to)?.throughput.median ?? null;
  return {
    coldVsEzccip: throughput("cold", EZCCIP),
    hotVsBareHttp: throughput("hot", "bare"),
    multicall8VsEzccip: throughput("multicall8", EZCCIP),
    names1e7Vs1e4: throughput("names1e7", "Signpost"),
    cpuPerRequestTwoVsOne: inverse(ratio("twoProcesses", "Signpost")?.cpu),
    viewVsOwn: throughput("viewVsOwn", "Signpost"),
    coldVsBefore: throughput("cold", BEFORE),
    hotVsBefore: throughput("hot", BEFORE),
    multicall8VsBefore: throughput("multicall8", BEFORE),
    coldCpuVsBefore: inverse(ratio("cold", BEFORE)?.cpu),
    coldP50OneConnectionVsBefore: inverse(ratio("coldOneConnection", BEFORE)?.p50),
  };
}

export function targetsOf({ cases, ratios }: Pick<Results, "cases" | "ratios">): readonly Target[] {
  const cold = cases.cold?.servers ?? [];
  const ours = cold[0];
  const ezccip = cold.find(({ name }) => name.startsWith(EZCCIP));
  const memory = Object.values(cases).flatMap(({ servers }) =>
    servers
      .filter(({ name, processes }) => name.startsWith("Signpost") && processes === 1)
      .filter(({ name }) => !name.startsWith(BEFORE))
      .map(({ peakRssBytes }) => peakRssBytes ?? 0),
  );
  return [
    atLeast("cold, against ezccip", ratios.coldVsEzccip, 15),
    atLeast("hot, against bare node:http", ratios.hotVsBareHttp, 0.85),
    atLeast("multicall of 8, against ezccip", ratios.multicall8VsEzccip, 30),
    atMost("p99 cold, against ezccip's p50", quotient(ours?.p99Us.median, ezccip?.p50Us.median), 1),
    atLeast("10^7 names against 10^4", ratios.names1e7Vs1e4, 0.9),
    atLeast("cold, from a connected view against our own tables", ratios.viewVsOwn, 0.8),
    atLeast("cold, against the build before", ratios.coldVsBefore, 0.97),
    atLeast("hot, against the build before", ratios.hotVsBefore, 0.97),
    atLeast("multicall of 8, against the build before", ratios.multicall8VsBefore, 0.97),
    atMost("CPU a request, two processes against one", ratios.cpuPerRequestTwoVsOne, 1.1),
    atMost(
      "memory of one process under load, MB",
      memory.length === 0 ? null : Math.max(...memory) / 2 ** 20,
      200,
    ),
  ];
}

export function isMet({ measured, bound, is }: Target): boolean | null {
  if (measured === null) return null;
  return is === "at least" ? measured >= bound : measured <= bound;
}

function atLeast(what: string, measured: number | null, bound: number): Target {
  return { what, measured, bound, is: "at least" };
}

function atMost(what: string, measured: number | null, bound: number): Target {
  return { what, measured, bound, is: "at most" };
}

/** Of a ratio that counts how many times more the other one takes. */
function inverse(ratio: Spread | null | undefined): number | null {
  return ratio == null ? null : 1 / ratio.median;
}

function quotient(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined ? null : a / b;
}
