/**
 * How far the user's archive (XEP-0313) need not be read again: up to the last entry before which all are settled, which is kept. An
 * entry is settled when it is nothing for DM3, or the app keeps its message, or it can never be read.
 */
import type { KeyValue } from "../sending/keyValue.js";

export interface ArchiveCursor {
  /** Null before the archive was read. */
  place(): Promise<string | null>;
  /** The archive is read from that place on: everything that was not settled comes again. */
  begin(): void;
  /** The next entry of the archive. Returns what settles it. */
  read(id: string): () => void;
  /** An entry that came live. It counts behind all that is read. */
  live(id: string): () => void;
  /** The archive was read to its end. */
  complete(): void;
  /** The server does not know the place (any more). */
  forget(): Promise<void>;
}

interface Entry {
  readonly id: string;
  isSettled: boolean;
}

const KEPT = "archive";
/** Where the app settles nothing, the place stays; the rest is read again after a restart. */
const MOST_ENTRIES = 10_000;

/** @param onFailure told of a store that does not answer: then more is read again, and nothing is lost */
export function createArchiveCursor(
  store: KeyValue,
  onFailure: (error: unknown) => void,
): ArchiveCursor {
  let isReading = true;
  let isFull = false;
  let entries: Entry[] = [];
  /** What came live while the archive was read. */
  let later: Entry[] = [];
  let writing: Promise<void> = Promise.resolve();

  function settledEntries(): void {
    const open = entries.findIndex(({ isSettled }) => !isSettled);
    const done = entries.splice(0, open === -1 ? entries.length : open);
    const last = done.at(-1);
    if (last === undefined) return;
    writing = writing.then(() => store.set(KEPT, last.id)).catch(onFailure);
  }

  function noted(list: Entry[], id: string): () => void {
    if (isFull || list.length >= MOST_ENTRIES) {
      isFull = true;
      return () => undefined;
    }
    const entry: Entry = { id, isSettled: false };
    list.push(entry);
    return () => {
      entry.isSettled = true;
      settledEntries();
    };
  }

  return {
    async place() {
      await writing;
      const kept = await store.get(KEPT);
      return typeof kept === "string" ? kept : null;
    },
    begin() {
      isReading = true;
      isFull = false;
      entries = [];
      later = [];
    },
    read: (id) => noted(entries, id),
    live: (id) => noted(isReading ? later : entries, id),
    complete() {
      isReading = false;
      entries.push(...later);
      later = [];
      settledEntries();
    },
    forget: () => store.delete(KEPT),
  };
}
