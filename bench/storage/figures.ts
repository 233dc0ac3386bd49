/** What the rounds come to: the figures of `ratios`, and a table for people. */
import { ratioByRound, type Spread } from "../measure/statistics.js";
import type { Rounds } from "../relay/cases.js";
import type { Measured } from "../relay/posting.js";
import { rowsOf } from "../relay/roundRows.js";
import { markdownTable, times } from "../report/table.js";
import { OURS, REFERENCE } from "./storageServers.js";

export const FEW = "Signpost, few rows";
export const MANY = "Signpost, many rows";

export interface Findings {
  readonly logins: Rounds;
  readonly additions: Rounds;
  /** Of a database with many rows, beside one with few; null where that was left out. */
  readonly kept: { readonly rows: number; readonly logins: Rounds } | null;
}

export interface StorageRatios {
  readonly storageLoginVsReference: number;
  readonly storageAddVsReference: number;
  /** Null where another number of rows was kept. */
  readonly storage1e7Vs1e4: number | null;
}

type Figure = "perSec" | "p99Ms" | "cpuMs";

const of = (rounds: Rounds, label: string): readonly Measured[] => rounds.get(label) ?? [];

/** How many times better the first is than the second, by a figure of which less is better. */
function less(rounds: Rounds, ours: string, theirs: string, figure: Figure): Spread {
  const values = (label: string) => of(rounds, label).map((round) => round[figure]);
  const ratio = ratioByRound(values(theirs), values(ours));
  if (ratio === null) throw new Error(`A round has no ${figure}.`);
  return ratio;
}

const elapsed = (rounds: Rounds, ours: string, theirs: string): Spread => {
  const values = (label: string) => of(rounds, label).map(({ perSec }) => perSec);
  const ratio = ratioByRound(values(ours), values(theirs));
  if (ratio === null) throw new Error("A round is missing.");
  return ratio;
};

/** The worse of CPU and p99. */
function loginRatio({ logins }: Findings): number {
  const { median } = less(logins, OURS, REFERENCE, "cpuMs");
  return Math.min(median, less(logins, OURS, REFERENCE, "p99Ms").median);
}

const TEN_MILLION = 10_000_000;

export function ratiosOf(findings: Findings): StorageRatios {
  const { kept } = findings;
  return {
    storageLoginVsReference: loginRatio(findings),
    storageAddVsReference: elapsed(findings.additions, OURS, REFERENCE).median,
    storage1e7Vs1e4: kept?.rows === TEN_MILLION ? elapsed(kept.logins, MANY, FEW).median : null,
  };
}

export function tableOf(findings: Findings): string {
  const { logins, additions, kept } = findings;
  const rows = [
    ...rowsOf("a login's request", logins),
    ...rowsOf("a batch", additions),
    ...(kept === null ? [] : rowsOf(`a login's request, ${kept.rows} rows`, kept.logins)),
  ];
  const line = (what: string, ratio: Spread, wanted: string) =>
    `${what}: ${times(ratio.median)} (${times(ratio.lowest)} to ${times(ratio.highest)}; ${wanted})`;
  return [
    markdownTable([["case", "storage", "per second", "p50", "p99", "CPU each"], ...rows], 2),
    "",
    line("a login, CPU", less(logins, OURS, REFERENCE, "cpuMs"), "at least 5"),
    line("a login, p99", less(logins, OURS, REFERENCE, "p99Ms"), "at least 5"),
    line("adding, time", elapsed(additions, OURS, REFERENCE), "at least 5"),
    line("adding, CPU", less(additions, OURS, REFERENCE, "cpuMs"), "not a target"),
    ...(kept === null
      ? []
      : [line(`${kept.rows} rows against few`, elapsed(kept.logins, MANY, FEW), "at least 0.9")]),
  ].join("\n");
}
