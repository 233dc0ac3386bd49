/** The parts of an export's file, and the names of it by the chunks in which they are verified and written. */
import { createReadStream } from "node:fs";
import { type ExportPart, exportParts, type NameGroup } from "../../../transfer/form/nameGroups.js";
import { malformed } from "../../../transfer/form/readLine.js";
import { splitLines } from "../../../transfer/form/splitLines.js";

/** What is verified and written at a time. */
const NAMES_AT_ONCE = 500;
const CHARACTERS_AT_ONCE = 1024 * 1024;

export type Parts = AsyncGenerator<ExportPart, void>;

/** Behind the first line, or where an import was cut off; ends count from the beginning of the file. */
export async function* partsOf(
  file: string,
  begun: { readonly byteOffset: number; readonly line: number } | null,
): Parts {
  const start = begun?.byteOffset ?? 0;
  const line = begun?.line ?? 1;
  const lines = splitLines(createReadStream(file, { start }), undefined, line);
  // the header was read already
  if (begun === null) await lines.next();
  for await (const part of exportParts(lines, begun === null ? 2 : line)) {
    yield part.kind === "name"
      ? { kind: "name", group: { ...part.group, end: part.group.end + start } }
      : { ...part, end: part.end + start };
  }
}

/** Throws EXPORT_MALFORMED for a line of another kind behind the names. */
export async function* chunksOf(
  first: NameGroup | null,
  parts: Parts,
): AsyncGenerator<readonly NameGroup[]> {
  let [groups, characters]: [NameGroup[], number] = [[], 0];
  const lengthOf = ({ texts }: NameGroup) => texts.reduce((sum, text) => sum + text.length, 0);
  const add = (group: NameGroup) => {
    groups.push(group);
    characters += lengthOf(group);
  };
  if (first !== null) add(first);
  for await (const part of parts) {
    if (part.kind === "line") {
      if (part.line.kind === "end") continue;
      throw malformed(null, `A line of the kind ${part.line.kind} stands behind the names.`);
    }
    if (groups.length === NAMES_AT_ONCE || characters > CHARACTERS_AT_ONCE) {
      yield groups;
      [groups, characters] = [[], 0];
    }
    add(part.group);
  }
  if (groups.length > 0) yield groups;
}
