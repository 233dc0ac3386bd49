/** A line of an export, from whoever wrote the file: bounded before it is read, closed, and in the one form that we write. */
import type { z } from "zod";
import { stringify } from "../../dm3/stringify.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { parseInput } from "../../wire/parseInput.js";
import {
  type ExportLine,
  type HeaderLine,
  headerLine,
  LINE_KINDS,
  LINE_SCHEMAS,
  type LineKind,
} from "./exportLine.js";
import { isPlainLine } from "./plainLine.js";

/** In characters. A name at all its bounds has 0.6 MiB, twice in the entry that an owner signed, with escapes; 100,000 fingerprints have 6.6 MiB. */
export const LONGEST_LINE = 8 * 1024 * 1024;

/** The deepest that we write has 8: an entry's authority with a request in it. */
const DEEPEST = 16;

/** U+0000 and halves of pairs, which Postgres cannot keep. In canonical JSON they stand as these escapes alone. */
const NOT_STORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** By its number, from 1; the end line is read before the lines are counted. */
type LineNumber = number | "end";

export function malformed(line: LineNumber | null, sentence: string): SignpostError {
  const place = line === "end" ? "The end line" : `Line ${line}`;
  return new SignpostError(
    "EXPORT_MALFORMED",
    line === null ? sentence : `${place} of the export: ${sentence}`,
    { line: line === "end" ? null : line },
  );
}

/** Throws EXPORT_MALFORMED, with the field that is unknown, missing or wrong. */
export function readHeader(text: string): HeaderLine {
  const json = jsonOf(text, 1);
  if (kindOf(json) === "signpost-export") return parsed(headerLine, text, json, 1);
  throw malformed(1, "this is no export of Signpost; its first line would say signpost-export.");
}

/** Throws EXPORT_MALFORMED, with the field that is unknown, missing or wrong. */
export function readLine(text: string, line: LineNumber): ExportLine {
  const json = jsonOf(text, line);
  if (isPlainLine(json) && stringify(json) === text) return json;
  const kind = LINE_KINDS.find((one) => one === kindOf(json));
  if (kind === undefined) {
    const given = JSON.stringify(kindOf(json) ?? null).slice(0, 100);
    throw malformed(
      line,
      `the kind ${given} is not known here. A newer version wrote it; upgrade first, so that nothing of it is lost.`,
    );
  }
  return parsed<ExportLine>(LINE_SCHEMAS[kind] as z.ZodType<ExportLine>, text, json, line);
}

function kindOf(json: unknown): unknown {
  return (Object(json ?? {}) as { kind?: unknown }).kind;
}

function parsed<Line>(
  schema: z.ZodType<Line>,
  text: string,
  json: unknown,
  line: LineNumber,
): Line {
  try {
    const value = parseInput(schema, "it", json);
    // what stands twice, or in another order, would be lost or hashed otherwise
    if (stringify(json) === text) return value;
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST", "INVALID_PROFILE")) throw error;
    throw malformed(line, error.message);
  }
  throw malformed(line, "it is not in canonical JSON, so somebody changed it by hand.");
}

function jsonOf(text: string, line: LineNumber): unknown {
  assertLength(text.length, line);
  if (!hasFewBrackets(text) && depthOf(text) > DEEPEST)
    throw malformed(line, `it is nested deeper than ${DEEPEST} levels.`);
  if (text.includes("\\u") && NOT_STORABLE.test(text)) {
    throw malformed(line, "it has U+0000 or half of a pair in it, which no database keeps.");
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed(line, "it is not JSON.");
  }
}

export function assertLength(length: number, line: LineNumber): void {
  if (length > LONGEST_LINE) throw malformed(line, `it is longer than ${LONGEST_LINE} characters.`);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Then it is nested no deeper either; most lines have few. */
function hasFewBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > DEEPEST) return false;
    }
  }
  return true;
}

/** Before it is parsed: the parser goes as deep as the text does. */
function depthOf(text: string): number {
  let [depth, deepest, isInText] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isInText = false;
    } else if (code === QUOTE) isInText = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

const ENTRY_BEGINS = '{"entry":';
const AFTER_ENTRY = `,"hash":"0x${"0".repeat(64)}","kind":"entry"}`.length;

/** The canonical JSON of the entry in such a line, which `readLine` has read. */
export function entryTextOf(line: string): string {
  return line.slice(ENTRY_BEGINS.length, -AFTER_ENTRY);
}

const BEFORE_STATE = ',"state":';

/** The canonical JSON of the state in a name's line, which `readLine` has read: its last field, and in no text as it is. */
export function stateTextOf(line: string): string {
  return line.slice(line.indexOf(BEFORE_STATE) + BEFORE_STATE.length, -1);
}

/** The kind of a line by its beginning, without reading it: keys stand in their order. */
export function beginsAs(text: string): Extract<LineKind, "name" | "entry"> | null {
  if (text.startsWith(ENTRY_BEGINS)) return "entry";
  return text.startsWith('{"end":') ? "name" : null;
}
