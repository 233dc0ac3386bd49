/**
 * An export in a file: written beside it, and put in its place when it is whole, so that a file under its own name is
 * never half of one.
 *
 * Resuming keeps the beginning that is still true: what comes out is what a new export would be, byte for byte.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm, stat, truncate } from "node:fs/promises";
import { SignpostError } from "../../../errors.js";
import type { ExportSnapshot } from "../../../transfer/exportPort.js";
import { splitLines } from "../../../transfer/form/splitLines.js";
import {
  type Counts,
  NOTHING_YET,
  type TruePart,
  truePartOf,
  writeExport,
} from "../../../transfer/writeExport.js";
import { lineSink } from "./lineSink.js";

export interface ExportedFile {
  readonly counts: Counts;
  /** Names that were kept of an export that was cut off. */
  readonly keptNames: number;
}

const partOf = (file: string) => `${file}.part`;

/** Throws INVALID_REQUEST where the file cannot be written; what is there of it stays, for resuming. */
export function exportToFile(...given: Parameters<typeof written>): Promise<ExportedFile> {
  const [, file] = given;
  return written(...given).catch((error: unknown) => {
    throw error instanceof Error && "syscall" in error ? unusable(file, error) : error;
  });
}

async function written(
  snapshot: ExportSnapshot,
  file: string,
  resume: boolean,
  onName: (count: number) => void,
): Promise<ExportedFile> {
  const part = partOf(file);
  if (!resume) await rm(part, { force: true });
  const begun = resume ? await keepTruePart(snapshot, part) : NOTHING_YET;
  const stream = createWriteStream(part, { flags: "a" });
  const sink = lineSink(stream);
  for await (const line of linesOf(part, begun.lines)) sink.skip(line);
  const keptNames = begun.counts["name"] ?? 0;
  let names = keptNames;
  const counts = await writeExport(snapshot, sink, begun, () => {
    onName(++names);
  });
  await sink.finish();
  await new Promise<void>((resolve) => stream.end(resolve));
  await durable(part);
  await rename(part, file);
  return { counts, keptNames };
}

async function keepTruePart(snapshot: ExportSnapshot, part: string): Promise<TruePart> {
  if (!(await exists(part))) return NOTHING_YET;
  const begun = await truePartOf(snapshot, linesOf(part));
  let [bytes, lines] = [0, 0];
  for await (const line of splitLines(createReadStream(part))) {
    if (lines++ === begun.lines) break;
    bytes = line.end;
  }
  await truncate(part, begun.lines === 0 ? 0 : bytes);
  return begun;
}

async function* linesOf(file: string, most = Infinity): AsyncGenerator<string> {
  if (most === 0) return;
  let lines = 0;
  for await (const { text } of splitLines(createReadStream(file))) {
    yield text;
    if (++lines === most) return;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    },
  );
}

/** A file whose name is there after a crash must have its content too. */
async function durable(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function unusable(file: string, cause: Error): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The file ${file} cannot be used: ${cause.message}. Check the path, its permissions and the space on the disk.`,
    {},
    { cause },
  );
}
