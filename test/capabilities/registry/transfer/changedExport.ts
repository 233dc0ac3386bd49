/** An export that somebody changed: one name of it, or one entry more, with all hashes made anew. */
import { createHash } from "node:crypto";
import { toHex } from "../../../../src/abi/hex.js";
import { stringify } from "../../../../src/dm3/stringify.js";
import {
  appendEntry,
  type HistoryEnd,
  type Step,
} from "../../../../src/registry/history/historyChain.js";
import {
  entryHash,
  type HistoryEntry,
  type SealedEntry,
} from "../../../../src/registry/history/historyEntry.js";
import { applyChange } from "../../../../src/registry/history/stateChange.js";
import { type NameState, stateDigest } from "../../../../src/registry/names/nameState.js";
import type { NameLine } from "../../../../src/transfer/form/exportLine.js";
import { under } from "./filledDomain.js";

export type Json = Record<string, unknown>;

/** The lines of an export, to be changed and put together again. */
export function linesOf(text: string): Json[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);
}

/** With a right end line, whatever the others say. */
export function ended(lines: readonly string[]): string {
  const counts: Record<string, number> = {};
  for (const line of lines) {
    const kind = /"kind":"([^"]*)"/.exec(line)?.[1] ?? "?";
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const before = lines.map((line) => `${line}\n`).join("");
  const sha256 = `0x${createHash("sha256").update(before).digest("hex")}`;
  return `${before}${stringify({ kind: "end", counts, sha256 })}\n`;
}

/** The export with the lines of one name changed, and all else as it was. */
export function withName(
  lines: readonly Json[],
  label: string,
  change: (line: NameLine, entries: SealedEntryLine[]) => void,
): string {
  const copy = structuredClone([...lines]);
  const at = copy.findIndex(({ kind, name }) => kind === "name" && name === under(label));
  const line = copy[at] as unknown as NameLine;
  const count = line.end?.number ?? 0;
  const entries = copy.splice(at + 1, count) as unknown as SealedEntryLine[];
  change(line, entries);
  copy.splice(at + 1, 0, ...(entries as unknown as Json[]));
  return ended(copy.map(stringify));
}

export interface SealedEntryLine {
  kind: "entry";
  entry: HistoryEntry;
  hash: string;
}

export const writable = <Of>(value: Of) => value;

/** Makes the hashes of a history right again. */
export function resealed(line: NameLine, entries: SealedEntryLine[]): void {
  let previous = `0x${"00".repeat(32)}`;
  for (const one of entries) {
    one.entry = { ...one.entry, previous } as HistoryEntry;
    one.hash = toHex(entryHash(one.entry));
    previous = one.hash;
  }
  writable(line).end = { number: entries.length, hash: previous as `0x${string}` };
}

/** One entry more, of whoever wrote the export, with a state and marks that fit. */
export function appended(
  lines: readonly Json[],
  label: string,
  step: (state: NameState) => Partial<Step> & Pick<Step, "authority" | "action" | "after">,
): string {
  return withName(lines, label, (line, entries) => {
    let state: NameState | null = null;
    for (const { entry } of entries) state = applyChange(state, entry.change);
    const last = entries.at(-1)!;
    const end: HistoryEnd = {
      number: entries.length,
      hash: Buffer.from(last.hash.slice(2), "hex") as unknown as HistoryEnd["hash"],
      after: stateDigest(state),
    };
    const added: { sealed: SealedEntry; end: HistoryEnd } = appendEntry(end, {
      name: under(label),
      atMs: Date.now(),
      before: state,
      ...step(state!),
    });
    entries.push({ kind: "entry", entry: added.sealed.entry, hash: toHex(added.sealed.hash) });
    const after = applyChange(state, added.sealed.entry.change);
    const shown = state?.profileFingerprint ?? null;
    const { retired } = line;
    Object.assign(line, {
      state: after,
      end: { number: added.end.number, hash: toHex(added.end.hash) },
      ...(shown !== null &&
        shown !== after?.profileFingerprint && { retired: [...retired, shown].sort() }),
    });
  });
}
