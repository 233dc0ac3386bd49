/** A domain's export, line after line, in bounded memory; and how much of one that was cut off is still true. */
import type { Digest } from "../abi/digest.js";
import { toHex } from "../abi/hex.js";
import type { ExportSnapshot } from "./exportPort.js";
import { beginsAs } from "./form/readLine.js";
import { headerOf, lineOfName, linesOfDomain, textOf } from "./form/writeLine.js";

/** Where an export goes; what it was given so far, it has hashed. */
export interface ExportSink {
  /** More may come when it resolves; undefined: at once. */
  write(line: string): Promise<void> | undefined;
  /** SHA-256 of all lines with their ends. */
  sha256(): Digest;
}

export type Counts = Record<string, number>;

/** Lines that are there already, and that the snapshot would write again. */
export interface TruePart {
  readonly lines: number;
  readonly counts: Counts;
  /** The last name of which everything is there; null: none. */
  readonly lastName: string | null;
}

export const NOTHING_YET: TruePart = { lines: 0, counts: {}, lastName: null };

/** @returns how many lines of each kind there are now, with those of `begun` */
export async function writeExport(
  snapshot: ExportSnapshot,
  sink: ExportSink,
  begun: TruePart = NOTHING_YET,
  onName: () => void = () => undefined,
): Promise<Counts> {
  const counts: Counts = { ...begun.counts };
  const write = (kind: string, text: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
    return sink.write(text);
  };
  if (begun.lines === 0) {
    for (const [kind, text] of headOf(snapshot)) await write(kind, text);
  }
  for await (const lines of snapshot.texts(begun.lastName)) {
    for (const { kind, text } of lines) {
      if (kind === "name") onName();
      const isFull = write(kind, text);
      if (isFull !== undefined) await isFull;
    }
  }
  await sink.write(textOf({ kind: "end", counts, sha256: toHex(sink.sha256()) }));
  return counts;
}

/** The first line and those of the domain, each with its kind. */
function headOf({ facts }: ExportSnapshot): readonly (readonly [string, string])[] {
  const header = headerOf(facts.domain.name);
  return [header, ...linesOfDomain(facts)].map((line) => [line.kind, textOf(line)] as const);
}

/**
 * How much of an export that was cut off a new one would begin with: names that changed since end it, and so does one of
 * which entries are missing. A name's line says where its history ends, so that its entries need not be read again.
 */
export async function truePartOf(
  snapshot: ExportSnapshot,
  lines: AsyncIterable<string>,
): Promise<TruePart> {
  const head = headOf(snapshot);
  const counts: Counts = {};
  const items = snapshot.items(null, false)[Symbol.asyncIterator]();
  let whole: TruePart = NOTHING_YET;
  let read = 0;
  let current: { readonly name: string; readonly entries: number } | null = null;
  let entries = 0;
  const note = (kind: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
    read++;
    const isWhole = current === null ? read === head.length : entries === current.entries;
    if (isWhole) whole = { lines: read, counts: { ...counts }, lastName: current?.name ?? null };
  };
  try {
    for await (const line of lines) {
      const kind = beginsAs(line);
      const expected = head[read];
      if (expected !== undefined) {
        if (expected[1] !== line) break;
        note(expected[0]);
      } else if (kind === "entry") {
        if (current === null || entries === current.entries) break;
        entries++;
        note(kind);
      } else if (kind === "name" && (current === null || entries === current.entries)) {
        const next = await items.next();
        if (next.done === true || next.value.kind !== "name") break;
        const { facts } = next.value;
        if (textOf(lineOfName(facts)) !== line) break;
        current = { name: facts.name, entries: facts.end?.number ?? 0 };
        entries = 0;
        note(kind);
      } else break;
    }
  } finally {
    await items.return?.();
  }
  return whole;
}
