/** Whether the stored history of a name holds, read in pages. */
import {
  BEGINNING,
  type Break,
  type Followed,
  compareWithStored,
  followEntry,
  isBreak,
} from "./verifyHistory.js";
import type { NameStore } from "./store.js";

const ENTRIES_AT_ONCE = 100;

export interface HistoryVerdict {
  /** As the history or the row has it; null for a node of which neither is there. */
  readonly name: string | null;
  readonly entries: number;
  /** Null where the history holds. */
  readonly broken: Break | null;
  /** Numbers of entries before which the row was changed without Signpost. */
  readonly foundLater: readonly number[];
}

/** Follows the whole history of a node (32 bytes) and compares it with the row as it is. */
export async function verifyStored(
  names: Pick<NameStore, "historyOf" | "nameOf" | "historyEndOf">,
  node: Uint8Array,
): Promise<HistoryVerdict> {
  let followed: Followed = BEGINNING;
  let name: string | null = null;
  const foundLater: number[] = [];
  for (;;) {
    // read before the entries, so that the last round, which brings none, compares with nothing that is newer
    const stored = await names.nameOf(node);
    const end = await names.historyEndOf(node);
    const page = await names.historyOf(node, followed.end?.number ?? 0, ENTRIES_AT_ONCE);
    for (const sealed of page) {
      name ??= sealed.entry.name;
      const next = followEntry(followed, sealed);
      if (isBreak(next)) return { name, entries: next.number - 1, broken: next, foundLater };
      followed = next;
      const { operation, number } = sealed.entry;
      if (operation === "found" && number > 1) foundLater.push(number);
    }
    const broken = compareWithStored(followed, stored, end);
    if (broken && page.length > 0) continue; // somebody may have changed the name in between
    name ??= stored?.name ?? null;
    return { name, entries: followed.end?.number ?? 0, broken, foundLater };
  }
}
