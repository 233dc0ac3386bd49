/** The table in the README, between two comments. */
import { readFile, writeFile } from "node:fs/promises";
import { SignpostError } from "../../src/errors.js";
import { CASE_ORDER, type Results } from "./results.js";
import { formatResults } from "./table.js";

export const START = "<!-- bench: written by npm run bench -- --readme -->";
export const END = "<!-- /bench -->";

const README = new URL("../../README.md", import.meta.url);

export async function writeReadme(results: Results): Promise<void> {
  await writeFile(README, replaceTable(await readFile(README, "utf8"), results));
}

/** Throws INVALID_REQUEST when the page has no place for it. */
export function replaceTable(page: string, results: Results): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END, start);
  if (start < 0 || end < 0) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The page has no place for the table: add the lines ${START} and ${END}.`,
    );
  }
  const { cpu, cores, node, postgres, loadTool } = results.machine;
  const cases = CASE_ORDER.flatMap((name) => results.cases[name] ?? []);
  const where = `Medians; 32 connections, ${cores} cores (${cpu}) for load generator, server and Postgres together; Node ${node}, Postgres ${postgres}, ${loadTool}.`;
  const table = `${START}\n\n${formatResults(cases)}\n\n${where}\n\n`;
  return page.slice(0, start) + table + page.slice(end);
}
