/** Recomputes the history of a name, entry by entry, and says where it breaks. */
import { sameBytes } from "../abi/bytes.js";
import { fromHex, toHex } from "../abi/hex.js";
import { isSignpostError } from "../errors.js";
import { recoverRequestSigner } from "../request/nameRequest.js";
import { type HistoryEntry, entryHash, hashBehind, signedForOf } from "./history.js";
import { type NameState, nameState, stateDigest } from "./nameState.js";
import { applyChange } from "./stateChange.js";
import type { HistoryEnd, SealedEntry, StoredName } from "./store.js";

/** Where a history breaks: at which entry, and a sentence about why. */
export interface Break {
  readonly number: number;
  readonly reason: string;
}

/** What has been followed so far. Begin with `BEGINNING`. */
export interface Followed {
  readonly end: HistoryEnd | null;
  readonly state: NameState | null;
  /** The last sequence that an owner's signature used. */
  readonly sequence: number;
}

export const BEGINNING: Followed = { end: null, state: null, sequence: 0 };

/** One entry further, or the break. */
export function followEntry(before: Followed, { entry, hash }: SealedEntry): Followed | Break {
  const number = (before.end?.number ?? 0) + 1;
  const breaks = (reason: string): Break => ({ number, reason });
  if (entry.number !== number) return breaks(`entry ${number} is missing`);
  if (!sameBytes(entryHash(entry), hash)) {
    return breaks(`its hash is not that of its content, so one of the two was changed`);
  }
  if (entry.previous !== toHex(hashBehind(before.end))) {
    return breaks("it does not follow on the entry before it");
  }
  if (entry.operation !== "found" && entry.before !== toHex(stateDigest(before.state))) {
    return breaks("it was not made on the state that the entry before it left");
  }
  const state = applyChange(before.state, entry.change);
  if (entry.after !== toHex(stateDigest(state))) {
    return breaks("its change does not lead to the state that it claims");
  }
  const sequence = sequenceAfter(before.sequence, entry);
  if (typeof sequence === "string") return breaks(sequence);
  return { end: { number, hash, after: fromHex(entry.after) }, state, sequence };
}

export function isBreak(result: Followed | Break): result is Break {
  return "reason" in result;
}

/** Compares what was followed with the row of the name and with the end that the database knows. */
export function compareWithStored(
  { end, state }: Followed,
  stored: StoredName | null,
  storedEnd: HistoryEnd | null,
): Break | null {
  const number = end?.number ?? 0;
  if (number !== (storedEnd?.number ?? 0) || !sameBytes(hashBehind(end), hashBehind(storedEnd))) {
    return { number, reason: "its end was cut off or replaced" };
  }
  // older than histories, or made behind our back: its first change will tell
  if (end === null) return null;
  const row = stored && nameState(stored);
  if (!sameBytes(stateDigest(row), stateDigest(state))) {
    return { number, reason: "the name's row is not what its history leads to" };
  }
  return null;
}

/** The sequence behind the entry, or why its signature does not count. */
function sequenceAfter(sequence: number, { authority, name }: HistoryEntry): number | string {
  if (authority.kind !== "owner") return sequence;
  const { request } = authority;
  if (request.name !== name) return "its signature is for another name";
  if (request.sequence !== sequence + 1) return "its sequence is not the next one";
  return isSigned(authority)
    ? request.sequence
    : "its signature is not by the wallet that it names";
}

function isSigned(authority: HistoryEntry["authority"] & { kind: "owner" }): boolean {
  try {
    const { request, signature, address } = authority;
    const signer = recoverRequestSigner(signedForOf(authority), request, fromHex(signature));
    return sameBytes(signer, fromHex(address));
  } catch (error) {
    if (isSignpostError(error, "WRONG_SIGNER", "INVALID_REQUEST")) return false;
    throw error;
  }
}
