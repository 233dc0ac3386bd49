/** The results as they are kept. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { Machine } from "../machine.js";
import { say } from "../progress.js";
import type { CaseName, CaseResult } from "./caseResult.js";
import { isMet, type Ratios, ratiosOf, type Target, targetsOf } from "./targets.js";

const FOLDER = new URL("../results/", import.meta.url);

export const CASE_ORDER: readonly CaseName[] = [
  "cold",
  "hot",
  "multicall8",
  "names1e7",
  "twoProcesses",
  "coldTwo",
  "coldManyResolvers",
  "slowSigner",
  "slowSignerManyResolvers",
  "viewVsOwn",
  "coldOneConnection",
  "coldOtherNode",
  "hotOtherNode",
];

export interface Results {
  /** Other commands keep theirs here as well. */
  readonly ratios: Ratios;
  /** Those of an earlier run on the same kind of machine, because a case or a server of theirs was not in the last one. */
  readonly keptRatios?: readonly string[];
  readonly targets: readonly (Target & { readonly met: boolean | null })[];
  readonly machine: Machine;
  readonly cases: Readonly<Partial<Record<CaseName, CaseResult>>>;
}

/** Of what was measured now and, on the very same kind of machine, of what was not measured this time. */
export function resultsOf(
  machine: Machine,
  measured: Results["cases"],
  earlier: Results | null,
): Results {
  const comparable =
    earlier !== null && JSON.stringify(earlier.machine) === JSON.stringify(machine);
  const cases = { ...(comparable && earlier.cases), ...measured };
  const known = ratiosOf({ cases, node: machine.node });
  const kept = Object.fromEntries(
    Object.entries(comparable ? earlier.ratios : {}).filter(
      ([key, value]) => value !== null && known[key as keyof Ratios] === null,
    ),
  );
  const ratios = { ...earlier?.ratios, ...known, ...kept };
  return {
    ratios,
    keptRatios: Object.keys(kept),
    targets: targetsOf({ cases, ratios }).map((target) => ({ ...target, met: isMet(target) })),
    machine,
    cases,
  };
}

/** Null when there are none. */
export async function readResults(file: string): Promise<Results | null> {
  const json = await readFile(new URL(file, FOLDER), "utf8").catch(() => null);
  return json === null ? null : (JSON.parse(json) as Results);
}

export async function writeResults(file: string, results: Results): Promise<void> {
  const rounded = JSON.stringify(
    results,
    (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(5)) : value),
    2,
  );
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(file, FOLDER), `${rounded}\n`);
}

/** Puts those that were measured, not null, into the file's `ratios`, beside the others. Does nothing where the file is not there. */
export async function keepRatios(name: string, ratios: object): Promise<void> {
  const results = await readResults(name);
  if (results === null) return;
  const measured = Object.entries(ratios).filter(([, value]) => value !== null);
  await writeResults(name, {
    ...results,
    ratios: { ...results.ratios, ...Object.fromEntries(measured) },
  });
  say(`wrote bench/results/${name}`);
}
