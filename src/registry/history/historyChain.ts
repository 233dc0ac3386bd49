/** How entries follow on one another: each with the hash of the one before it. */
import { type Digest, digestFrom } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { type NameState, stateDigest } from "../names/nameState.js";
import { entryHash, type HistoryEntry, type SealedEntry } from "./historyEntry.js";
import type { RecordedAuthority } from "./recordedAuthority.js";
import { changeBetween } from "./stateChange.js";

const NO_HASH = digestFrom(new Uint8Array(32));

/** Where a history ends. */
export interface HistoryEnd {
  /** Of the last entry; the first is 1. */
  readonly number: number;
  /** Of the last entry. */
  readonly hash: Digest;
  /** `stateDigest` of what the last entry led to. */
  readonly after: Digest;
}

/** Where a history ends, as a database has it. */
export interface StoredEnd extends HistoryEnd {
  /** Of the row that the last entry led to; null where that is not known, and for a name that is gone. */
  readonly version: bigint | null;
}

export interface Step {
  readonly name: string;
  readonly atMs: number;
  readonly authority: RecordedAuthority;
  readonly action: HistoryEntry["operation"];
  readonly before: NameState | null;
  readonly after: NameState | null;
}

/** The entry that follows on `end` (null: on nothing), and where the history ends with it. */
export function appendEntry(
  end: HistoryEnd | null,
  { name, atMs, authority, action, before, after }: Step,
): { sealed: SealedEntry; end: HistoryEnd } {
  const number = (end?.number ?? 0) + 1;
  const afterDigest = stateDigest(after);
  const entry: HistoryEntry = {
    form: 1,
    name,
    number,
    previous: toHex(end?.hash ?? NO_HASH),
    atMs,
    authority,
    operation: action,
    change: action === "found" ? { to: after } : changeBetween(before, after),
    before: toHex(stateDigest(before)),
    after: toHex(afterDigest),
  };
  const hash = entryHash(entry);
  return { sealed: { entry, hash }, end: { number, hash, after: afterDigest } };
}

/** What `previous` of the entry behind this end has to be. */
export function hashBehind(end: HistoryEnd | null): Digest {
  return end?.hash ?? NO_HASH;
}
