/** The table at the end, and what a reader has to know beside it. */
import { markdownTable } from "../../../bench/report/table.js";
import { ATTACKS, TOGETHER } from "./attacks.js";
import { type Figures, missed, type Target, TARGETS } from "./figures.js";
import { type Measurement, shortages } from "./measurement.js";

export interface Row {
  readonly build: string;
  readonly attack: string;
  readonly figures: Figures;
  readonly measurement: Measurement;
}

const HEAD = [
  "attack",
  "build",
  "p50",
  "p99",
  "against quiet p99",
  "lookups failed",
  "API p99",
  "writes refused",
  "claims refused",
  "peak memory",
  "missed",
];

export function reportOf(rows: readonly Row[]): string {
  const inOrder = rows.toSorted((a, b) => orderOf(a.attack) - orderOf(b.attack));
  const table = markdownTable([HEAD, ...inOrder.map(cellsOf), targetCells()], 2);
  return [table, ...inOrder.map(notesOf)].join("\n\n");
}

/** What is not in the list, all together, comes last. */
function orderOf(attack: string): number {
  const index = ATTACKS.findIndex(({ name }) => name === attack);
  return index < 0 ? ATTACKS.length : index;
}

function cellsOf({ build, attack, figures }: Row): string[] {
  return [
    ATTACKS.find(({ name }) => name === attack)?.title ?? titleOfSeveral(attack),
    build,
    inMs(figures.p50Ms),
    inMs(figures.p99Ms),
    `${figures.ratio.toFixed(1)} × ${inMs(figures.quietP99Ms)}`,
    `${figures.failedLookups} of ${figures.lookups}`,
    inMs(figures.apiP99Ms),
    String(figures.refusedWrites),
    String(figures.refusedClaims),
    figures.rssMb === null ? "–" : `${figures.rssMb.toFixed(0)} MB`,
    missed(figures)
      .map((target) => TITLES[target])
      .join(", "),
  ];
}

function titleOfSeveral(attack: string): string {
  return attack === TOGETHER ? "all of them together" : attack.replaceAll(",", " and ");
}

const TITLES: Readonly<Record<Target, string>> = {
  ratio: "p99",
  failedLookups: "lookups",
  apiP99Ms: "API p99",
  refusedWrites: "writes",
  refusedClaims: "claims",
  rssMb: "memory",
};

function targetCells(): string[] {
  const { ratio, failedLookups, apiP99Ms, refusedWrites, refusedClaims, rssMb } = TARGETS;
  return [
    ...["at most", "", "", "", `${ratio} ×`, String(failedLookups), inMs(apiP99Ms)],
    ...[String(refusedWrites), String(refusedClaims), `${rssMb} MB`, ""],
  ];
}

function notesOf({ attack, build, measurement }: Row): string {
  const { endings, attacked, writes, claims } = measurement;
  const { serviceCores, attackerCores, busyCores } = measurement;
  const cores = [serviceCores, attackerCores, busyCores].map((value) => value?.toFixed(2) ?? "–");
  const sentences = [
    `service ${cores[0] ?? ""} cores, attackers ${cores[1] ?? ""}, all ${cores[2] ?? ""}`,
    ...Object.entries(endings).map(
      ([name, counts]) => `${name} was answered ${inWords(counts) || "nothing"}`,
    ),
    ...(attacked.failed > 0 ? [`lookups: ${inWords(counted(attacked.failures))}`] : []),
    `writes: ${inWords(counted(writes.map(({ status }) => String(status))))}`,
    `claims: ${inWords(counted(claims.map(({ status }) => String(status))))}`,
    ...shortages(measurement).map((sentence) => `SHORT: ${sentence}`),
  ];
  return `- ${attack}, ${build}: ${sentences.join("; ")}`;
}

function counted(endings: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const ending of endings) counts[ending] = (counts[ending] ?? 0) + 1;
  return counts;
}

function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([ending, count]) => `${ending}: ${count}`)
    .join(", ");
}

function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
