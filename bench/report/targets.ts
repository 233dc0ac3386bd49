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
  readonly coldCpuVsEzccip: number | null;
  /** Requests a second, two processes each. */
  readonly coldTwoVsEzccipTwo: number | null;
  /** Of answers that are in no cache: the most of one resolver and of twenty. */
  readonly signaturesPerLookup: number | null;
  /** Requests a second, with a slow signer by with a key of its own: the least of one resolver and of twenty. */
  readonly slowSignerVsLocal: number | null;
  /** The most memory of one process under load, in MB. */
  readonly rssMbNode20: number | null;
  readonly rssMbNode24: number | null;
  readonly coldVsEzccipNode24: number | null;
  readonly hotVsBareHttpNode24: number | null;
  /** Median time to answer, ours by theirs. */
  readonly coldP50OneConnectionVsBefore: number | null;
}

/** @param node the version that the bench ran on */
export function ratiosOf({ cases, node }: Pick<Results, "cases"> & { node: string }): Ratios {
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
    coldCpuVsEzccip: inverse(ratio("cold", EZCCIP)?.cpu),
    coldTwoVsEzccipTwo: throughput("coldTwo", EZCCIP),
    signaturesPerLookup: worst(Math.max, [
      cases.cold?.servers[0]?.signaturesPerLookup?.median,
      cases.coldManyResolvers?.servers[0]?.signaturesPerLookup?.median,
    ]),
    slowSignerVsLocal: worst(Math.min, [
      throughput("slowSigner", "Signpost"),
      throughput("slowSignerManyResolvers", "Signpost"),
    ]),
    rssMbNode20: node.startsWith("20.") ? memoryMb(cases, (name) => !isOtherNode(name)) : null,
    rssMbNode24: isNode24(cases) ? memoryMb(cases, isOtherNode) : null,
    coldVsEzccipNode24: isNode24(cases) ? throughput("coldOtherNode", EZCCIP) : null,
    hotVsBareHttpNode24: isNode24(cases) ? throughput("hotOtherNode", "bare") : null,
    coldP50OneConnectionVsBefore: inverse(ratio("coldOneConnection", BEFORE)?.p50),
  };
}

export function targetsOf({ cases, ratios }: Pick<Results, "cases" | "ratios">): readonly Target[] {
  const cold = cases.cold?.servers ?? [];
  const ours = cold[0];
  const ezccip = cold.find(({ name }) => name.startsWith(EZCCIP));
  const memory = memoryMb(cases, (name) => !isOtherNode(name));
  return [
    atLeast("cold, against ezccip", ratios.coldVsEzccip, 15),
    atLeast("hot, against bare node:http", ratios.hotVsBareHttp, 0.85),
    atMost("CPU of a cold lookup, against ezccip", ratios.coldCpuVsEzccip, 0.072),
    atLeast("cold, two processes each, against ezccip", ratios.coldTwoVsEzccipTwo, 15),
    atLeast("multicall of 8, against ezccip", ratios.multicall8VsEzccip, 32),
    atMost("signatures for a cold lookup", ratios.signaturesPerLookup, 1 / 8),
    atLeast("cold, with a slow signer against a local key", ratios.slowSignerVsLocal, 0.9),
    atMost("p99 cold, against ezccip's p50", quotient(ours?.p99Us.median, ezccip?.p50Us.median), 1),
    atLeast("10^7 names against 10^4", ratios.names1e7Vs1e4, 0.9),
    atLeast("cold, from a connected view against our own tables", ratios.viewVsOwn, 0.8),
    atLeast("cold, against the build before", ratios.coldVsBefore, 0.97),
    atLeast("hot, against the build before", ratios.hotVsBefore, 0.97),
    atLeast("multicall of 8, against the build before", ratios.multicall8VsBefore, 0.97),
    atMost("CPU a request, two processes against one", ratios.cpuPerRequestTwoVsOne, 1.1),
    atMost("CPU of a cold lookup, against the build before", ratios.coldCpuVsBefore, 0.66),
    atMost("memory of one process under load, MB", memory, 200),
    atLeast("cold, against ezccip, on Node 24", ratios.coldVsEzccipNode24, 16),
    atLeast("hot, against bare node:http, on Node 24", ratios.hotVsBareHttpNode24, 0.95),
    atMost("memory of one process under load on Node 24, MB", ratios.rssMbNode24, 200),
  ];
}

type Cases = Results["cases"];

/** The most that one process of ours ever held in these cases; null where none was measured. */
function memoryMb(cases: Cases, counts: (name: string) => boolean): number | null {
  const peaks = Object.entries(cases)
    .filter(([name]) => counts(name))
    .flatMap(([, { servers }]) => servers)
    .filter(({ name, processes }) => name.startsWith("Signpost") && processes === 1)
    .filter(({ name }) => !name.startsWith(BEFORE))
    .map(({ peakRssBytes }) => peakRssBytes ?? 0);
  return peaks.length === 0 ? null : Math.max(...peaks) / 2 ** 20;
}

function isOtherNode(name: string): boolean {
  return name.endsWith("OtherNode");
}

function isNode24({ coldOtherNode, hotOtherNode }: Cases): boolean {
  return [coldOtherNode, hotOtherNode].some((found) => found?.title.includes("Node 24."));
}

/** Of those that were measured; null where none was. */
function worst(
  of: (...values: number[]) => number,
  values: readonly (number | null | undefined)[],
): number | null {
  const measured = values.filter((value) => value != null);
  return measured.length === 0 ? null : of(...measured);
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
