/** What we want to reach, and whether we did. */
import type { Results } from "./results.js";

export interface Target {
  readonly what: string;
  /** Null: not measured. */
  readonly measured: number | null;
  readonly bound: number;
  readonly is: "at least" | "at most";
}

const EZCCIP = "@resolverworks/ezccip";

/** The numbers that others quote; null where a case was not measured. */
export interface Ratios {
  readonly coldVsEzccip: number | null;
  readonly hotVsBareHttp: number | null;
  readonly multicall8VsEzccip: number | null;
  readonly names1e7Vs1e4: number | null;
  readonly cpuPerRequestTwoVsOne: number | null;
}

export function ratiosOf({ cases }: Pick<Results, "cases">): Ratios {
  const throughput = (name: keyof typeof cases, to: string) =>
    cases[name]?.ratios.find((ratio) => ratio.to.startsWith(to))?.throughput.median ?? null;
  const cpuOneVsTwo = cases.twoProcesses?.ratios[0]?.cpu?.median ?? null;
  return {
    coldVsEzccip: throughput("cold", EZCCIP),
    hotVsBareHttp: throughput("hot", "bare"),
    multicall8VsEzccip: throughput("multicall8", EZCCIP),
    names1e7Vs1e4: throughput("names1e7", "Signpost"),
    cpuPerRequestTwoVsOne: cpuOneVsTwo === null ? null : 1 / cpuOneVsTwo,
  };
}

export function targetsOf({ cases }: Pick<Results, "cases">): readonly Target[] {
  const ratios = ratiosOf({ cases });
  const cold = cases.cold?.servers ?? [];
  const ours = cold[0];
  const ezccip = cold.find(({ name }) => name.startsWith(EZCCIP));
  const memory = Object.values(cases).flatMap(({ servers }) =>
    servers
      .filter(({ name, processes }) => name.startsWith("Signpost") && processes === 1)
      .map(({ peakRssBytes }) => peakRssBytes ?? 0),
  );
  return [
    atLeast("cold, against ezccip", ratios.coldVsEzccip, 15),
    atLeast("hot, against bare node:http", ratios.hotVsBareHttp, 0.85),
    atLeast("multicall of 8, against ezccip", ratios.multicall8VsEzccip, 30),
    atMost("p99 cold, against ezccip's p50", quotient(ours?.p99Us.median, ezccip?.p50Us.median), 1),
    atLeast("10^7 names against 10^4", ratios.names1e7Vs1e4, 0.9),
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

function quotient(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined ? null : a / b;
}
