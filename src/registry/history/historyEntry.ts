/**
 * The history of a name: one entry for each change, in one hash chain for each name, for ever.
 *
 *   entry = {
 *     form       1
 *     name       "alice.users.example.eth"
 *     number     1 for the first, then one more each
 *     previous   hash of the entry before; 32 zero bytes before the first
 *     atMs       when, Unix time in milliseconds
 *     authority  in whose right: {kind, ...}, with the owner's signature and all that it was made over
 *     operation  the kind of the action, or "found"
 *     change     {to: state or null} where the name begins or ends, {patch: what differs} otherwise
 *     before     digest of the state before, after: of the state after; both of canonical JSON
 *     after
 *   }
 *   hash = SHA-256 of the UTF-8 bytes of the entry's canonical JSON (dm3/stringify)
 *
 * So the hash of the last entry stands for the whole history, and following the changes gives the state.
 *
 * "found" is what an entry says when the row was not as the history had left it: for names that are older than
 * histories, and for rows that were changed behind our back. It tells the whole state that was found.
 */
import type { Digest } from "../../abi/digest.js";
import type { Hex } from "../../abi/hex.js";
import { sha256OfText } from "../../abi/sha256.js";
import { stringify } from "../../dm3/stringify.js";
import type { ActionKind } from "../names/action.js";
import type { RecordedAuthority } from "./recordedAuthority.js";
import type { StateChange } from "./stateChange.js";

export interface HistoryEntry {
  readonly form: 1;
  readonly name: string;
  readonly number: number;
  readonly previous: Hex;
  readonly atMs: number;
  readonly authority: RecordedAuthority;
  readonly operation: ActionKind | "found";
  readonly change: StateChange;
  readonly before: Hex;
  readonly after: Hex;
}

/** An entry with its hash. */
export interface SealedEntry {
  readonly entry: HistoryEntry;
  readonly hash: Digest;
  /** The entry's canonical JSON, where that is known already. */
  readonly text?: string;
}

/** An entry as a database has it. */
export interface StoredEntry extends SealedEntry {
  /** The number that it lies under: the entry's own, unless somebody changed one of the two. */
  readonly storedAs: number;
}

export function entryHash(entry: HistoryEntry): Digest {
  return sha256OfText(stringify(entry));
}
