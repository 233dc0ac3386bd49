/** Rows of a CSV file, by a kept parser: byte order marks, quotes, empty fields, and whatever separates the columns. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { CsvError, parse } from "csv-parse";
import { SignpostError } from "../../../errors.js";
import { unusable } from "./exportToFile.js";

const SEPARATORS = [",", ";", "\t"] as const;
/** The first line is among these. */
const LOOKED_AT_BYTES = 65_536;
/** In characters. */
const LONGEST_ROW = 1024 * 1024;

export interface CsvRow {
  /** Of the row's last line in the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** The headings first. Throws INVALID_REQUEST for what is no table. */
export async function* csvRows(file: string): AsyncGenerator<CsvRow> {
  try {
    const parser = createReadStream(file).pipe(
      parse({
        bom: true,
        delimiter: await separatorOf(file),
        max_record_size: LONGEST_ROW,
        skip_empty_lines: true,
        info: true,
      }),
    );
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      yield { line: info.lines, fields: record };
    }
  } catch (error) {
    if (error instanceof CsvError) throw noTable(file, error);
    throw error instanceof Error && "syscall" in error ? unusable(file, error) : error;
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** That which the headings have most of, outside of quotes. */
async function separatorOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(LOOKED_AT_BYTES),
      0,
      LOOKED_AT_BYTES,
      0,
    );
    const [headings = ""] = buffer.toString("utf8", 0, bytesRead).split(/\r?\n/, 1);
    const bare = headings.replace(/"[^"]*"/g, "");
    const count = (separator: string) => bare.split(separator).length;
    return [...SEPARATORS].sort((a, b) => count(b) - count(a))[0] ?? ",";
  } finally {
    await handle.close();
  }
}

function noTable(file: string, cause: CsvError): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${file} is not a table with the same columns in each row: ${cause.message}. Correct it, or save it again as CSV.`,
    {},
    { cause },
  );
}
