/** The gas table of docs/contracts.md: one row for each call, one column for each contract. */
import { readFileSync, writeFileSync } from "node:fs";

const PAGE = new URL("../docs/contracts.md", import.meta.url);
const START = "<!-- gas: written by npm run gas -->\n\n";
const END = "\n<!-- /gas -->";
const COLUMNS = ["Signpost", "offchain-resolver", "L1Resolver"] as const;
export type Column = (typeof COLUMNS)[number];

/** What each call costs, by column; text, because a contract may lack the call. */
export type GasTable = Map<string, Map<Column, string>>;

export function readGasTable(): GasTable {
  const page = readFileSync(PAGE, "utf8");
  const rows = page.slice(page.indexOf(START) + START.length, page.indexOf(END)).split("\n");
  const cells = rows.slice(2).map((row) => row.split("|").map((cell) => cell.trim()));
  return new Map(
    cells.map(([, name, ...values]) => [
      name ?? "",
      new Map(COLUMNS.map((column, index) => [column, values[index] ?? ""])),
    ]),
  );
}

/** Replaces the table in the page; returns it. */
export function writeGasTable(table: GasTable): string {
  const page = readFileSync(PAGE, "utf8");
  const written = formatTable(table);
  const head = page.slice(0, page.indexOf(START) + START.length);
  writeFileSync(PAGE, `${head}${written}\n${page.slice(page.indexOf(END))}`);
  return written;
}

/** As prettier formats it, so that a new measurement changes numbers only. */
function formatTable(table: GasTable): string {
  const names = ["gas", ...table.keys()];
  const columns = COLUMNS.map((column) => [
    column,
    ...[...table.values()].map((row) => row.get(column) ?? "–"),
  ]);
  const padded = [
    alignCells(names, (cell, width) => cell.padEnd(width), ""),
    ...columns.map((cells) => alignCells(cells, (cell, width) => cell.padStart(width), ":")),
  ];
  return [...names.keys(), names.length]
    .map((line) => `| ${padded.map((cells) => cells[line] ?? "").join(" | ")} |`)
    .join("\n");
}

/** A column with the line under its head. `mark` ends that line. */
function alignCells(
  cells: readonly string[],
  pad: (cell: string, width: number) => string,
  mark: "" | ":",
): string[] {
  const width = Math.max(...cells.map((cell) => cell.length));
  const aligned = cells.map((cell) => pad(cell, width));
  return aligned.toSpliced(1, 0, `${"-".repeat(width - mark.length)}${mark}`);
}
