/** Names, addresses and texts of a domain as a table. Two passes over one snapshot: the columns come first. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SignpostError } from "../../../errors.js";
import type { NameState } from "../../../registry/names/nameState.js";
import { DM3_KEYS } from "../../../registry/names/ownRecords.js";
import { csvRow } from "../../../transfer/csv/csvField.js";
import type { ExportSnapshot } from "../../../transfer/exportPort.js";
import { unusable } from "./exportToFile.js";

/** Spreadsheets take 16,384; keys of texts are strangers' choice. */
const MOST_COLUMNS = 1_000;

/** @returns how many names */
export async function writeCsv(snapshot: ExportSnapshot, file: string | null): Promise<number> {
  const columns = await columnsOf(snapshot);
  let names = 0;
  async function* rows() {
    yield csvRow(["name", ...columns]);
    for await (const state of statesOf(snapshot)) {
      names++;
      yield csvRow([state.name, ...columns.map((column) => valueOf(state, column))]);
    }
  }
  if (file === null) {
    for await (const row of rows()) {
      if (!process.stdout.write(row)) await once(process.stdout, "drain");
    }
    return names;
  }
  await pipeline(Readable.from(rows()), createWriteStream(file)).catch((error: unknown) => {
    throw error instanceof Error && "syscall" in error ? unusable(file, error) : error;
  });
  return names;
}

/** What is there and answered for; a history is no row of a table. */
async function* statesOf(snapshot: ExportSnapshot): AsyncGenerator<NameState> {
  for await (const item of snapshot.items(null, false)) {
    if (item.kind === "name" && item.facts.state !== null) yield item.facts.state;
  }
}

async function columnsOf(snapshot: ExportSnapshot): Promise<readonly string[]> {
  const columns = new Set<string>();
  for await (const { addresses, texts } of statesOf(snapshot)) {
    for (const coinType of Object.keys(addresses)) columns.add(`address.${coinType}`);
    for (const key of Object.keys(texts)) if (!key.startsWith(DM3_KEYS)) columns.add(`text.${key}`);
    if (columns.size > MOST_COLUMNS) throw tooWide();
  }
  return [...columns].sort();
}

function valueOf({ addresses, texts }: NameState, column: string): string {
  const dot = column.indexOf(".");
  const [map, key] = [
    column.slice(0, dot) === "address" ? addresses : texts,
    column.slice(dot + 1),
  ];
  return Object.hasOwn(map, key) ? (map[key] ?? "") : "";
}

function tooWide(): SignpostError {
  return new SignpostError(
    "TOO_LARGE",
    `The names have more than ${MOST_COLUMNS} different records, which is too wide for a table. Export without --format csv.`,
  );
}
