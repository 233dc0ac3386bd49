/** The command line of `npm run bench`. */
import { parseArgs } from "node:util";
import { SignpostError } from "../src/errors.js";
import { MOST_NAMES } from "./data/names.js";
import type { CaseName } from "./report/caseResult.js";
import { CASE_ORDER } from "./report/results.js";

export const USAGE = `Usage: npm run bench [-- <option> ...]

  --quick           about two minutes: fewer names, fewer and shorter turns; the results go to results/quick.json
  --only <cases>    with a comma between them, of cold, hot, multicall8, names1e7, twoProcesses, coldTwo,
                    coldManyResolvers, slowSigner, slowSignerManyResolvers, viewVsOwn, coldOneConnection,
                    coldOtherNode, hotOtherNode
  --before <commit> also measures the build of that commit, which is checked out and built for it: in cold, hot,
                    multicall8 and coldOneConnection
  --node <program>  also measures cold and hot on another Node: ours, ezccip, and a bare server
  --scale           also 10^7 names against 10^4: about 10 GB of disk below .signpost/, removed at the end, and
                    several minutes to fill them (--only names1e7 means it, too)
  --rounds <n>      turns of each server (7)
  --seconds <n>     length of a turn (4)
  --json            prints the results as JSON instead of the table
  --readme          measures nothing: writes the table of results/latest.json into README.md

With DATABASE_URL set, schemas of your own Postgres are used and dropped at the end; else a throw-away server.`;

export interface Options {
  readonly cases: readonly CaseName[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly readme: boolean;
  readonly help: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly names: number;
  /** A commit whose build is measured beside this one, or null. */
  readonly before: string | null;
  /** The program of another Node to measure on as well, or null. */
  readonly otherNode: string | null;
  /** Of the case of scale. */
  readonly manyNames: number;
}

/** Throws INVALID_REQUEST. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const { quick } = values;
  return {
    cases: casesOf(values),
    quick,
    json: values.json,
    readme: values.readme,
    help: values.help,
    rounds: wholeNumber("rounds", values.rounds ?? (quick ? "3" : "7"), 99),
    seconds: wholeNumber("seconds", values.seconds ?? (quick ? "2" : "4"), 600),
    warmUpSeconds: quick ? 2 : 4,
    names: quick ? 300_000 : 1_000_000,
    before: values.before ?? null,
    otherNode: values.node ?? null,
    manyNames: MOST_NAMES,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        before: { type: "string" },
        node: { type: "string" },
        scale: { type: "boolean", default: false },
        rounds: { type: "string" },
        seconds: { type: "string" },
        json: { type: "boolean", default: false },
        readme: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

/** What each needs to be measured at all. */
function casesOf({ only, scale, before, node }: ReturnType<typeof parse>): readonly CaseName[] {
  if (only === undefined) {
    const without: CaseName[] = [
      ...(scale ? [] : (["names1e7"] as const)),
      ...(before === undefined ? (["coldOneConnection"] as const) : []),
      ...(node === undefined ? (["coldOtherNode", "hotOtherNode"] as const) : []),
    ];
    return CASE_ORDER.filter((name) => !without.includes(name));
  }
  const wanted = only.split(",");
  const unknown = wanted.find((name) => !CASE_ORDER.some((known) => known === name));
  if (unknown !== undefined) throw refused(`There is no case ${unknown}.`);
  return CASE_ORDER.filter((name) => wanted.includes(name) || (scale && name === "names1e7"));
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^[1-9][0-9]*$/.test(text) && value <= most) return value;
  throw refused(`--${option} takes a whole number from 1 to ${most}.`);
}

function refused(reason: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", `${reason}\n\n${USAGE}`);
}
