/** The lines of an export behind those of the domain: a name with its entries at a time, in bounded memory. */
import { MOST_ENTRIES } from "../verify/verifyName.js";
import type { ExportLine, LineOf } from "./exportLine.js";
import { beginsAs, malformed, readLine } from "./readLine.js";
import type { Line } from "./splitLines.js";

/** In characters, of one name with all its entries. */
export const LONGEST_GROUP = 64 * 1024 * 1024;

export interface NameGroup {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** The name's line, and those of its entries; the first ones only where it is too long. */
  readonly texts: readonly string[];
  readonly lines: number;
  readonly isTooLong: boolean;
  /** Of the byte behind it. */
  readonly end: number;
}

export type ExportPart =
  | { readonly kind: "line"; readonly line: ExportLine; readonly end: number }
  | { readonly kind: "name"; readonly group: NameGroup };

type OpenGroup = { -readonly [Key in keyof NameGroup]: NameGroup[Key] } & { texts: string[] };

/**
 * Throws EXPORT_MALFORMED for lines in another order than that of an export.
 * @param first the number of the first of the lines
 */
export async function* exportParts(
  lines: AsyncIterable<Line>,
  first: number,
): AsyncGenerator<ExportPart> {
  let number = first - 1;
  let group: OpenGroup | null = null;
  let length = 0;
  let end: LineOf<"end"> | null = null;
  for await (const { text, end: at } of lines) {
    number++;
    if (end !== null) throw malformed(number, "nothing may stand behind the end line.");
    const begins = beginsAs(text);
    if (begins === "entry") {
      if (group === null) throw malformed(number, "an entry stands before any name.");
      length += text.length;
      group.isTooLong ||= length > LONGEST_GROUP || group.lines > MOST_ENTRIES;
      if (!group.isTooLong) group.texts.push(text);
      group.lines++;
      group.end = at;
      continue;
    }
    if (group !== null) yield { kind: "name", group };
    group = null;
    if (begins === "name") {
      group = { line: number, texts: [text], lines: 1, isTooLong: false, end: at };
      length = text.length;
      continue;
    }
    const line = readLine(text, number);
    if (line.kind === "end") end = line;
    yield { kind: "line", line, end: at };
  }
}
