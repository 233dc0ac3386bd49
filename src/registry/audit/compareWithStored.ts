/** What a database has of a name beside its history: all of it follows from the history. */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { type Hex, toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { hashBehind, type StoredEnd } from "../history/historyChain.js";
import { nameState } from "../names/nameState.js";
import type { SignatureState } from "../names/signatureState.js";
import type { VersionedName } from "../names/storedName.js";
import type { Break, Followed } from "./followEntry.js";

/** What a database has of a name. */
export interface StoredTraces {
  readonly stored: VersionedName | null;
  readonly end: StoredEnd | null;
  readonly signatureState: SignatureState;
  /** Fingerprints of profiles that must not come back. */
  readonly retired: readonly Digest[];
}

/**
 * Compares what was followed with what the database has beside the history: all of it follows from the history.
 * @param rowText the canonical JSON of the stored name's state
 */
export function compareWithStored(
  { end, stateText, signatureState, retired, isWhole }: Followed,
  { stored, end: storedEnd, ...traces }: StoredTraces,
  rowText = stringify(stored && nameState(stored)),
): Break | null {
  const number = end?.number ?? 0;
  if (number !== (storedEnd?.number ?? 0) || !sameBytes(hashBehind(end), hashBehind(storedEnd))) {
    return { number, reason: "its end was cut off or replaced" };
  }
  // older than histories, or written without Signpost: the first change will record it
  if (end === null) {
    return stored?.held === true
      ? { number, reason: "its owner signed for it, but that history is gone" }
      : null;
  }
  if (rowText !== stateText) {
    return { number, reason: "the row of the name is not what its history leads to" };
  }
  if (storedEnd && !sameBytes(end.after, storedEnd.after)) {
    return { number, reason: "the stored digest of its last state is not that of its last entry" };
  }
  // null: the last entry was written by a build that did not keep it
  if (stored && storedEnd && storedEnd.version !== null && storedEnd.version !== stored.version) {
    return { number, reason: "the version of the row is not the one that its last entry led to" };
  }
  if (!isSameSignatureState(signatureState, traces.signatureState)) {
    return {
      number,
      reason: "the stored signature state is not what its history leads to",
    };
  }
  const kept = new Set(traces.retired.map(toHex));
  const followed = new Set<Hex>();
  for (let one = retired; one !== null; one = one.former) followed.add(one.fingerprint);
  if (![...followed].every((fingerprint) => kept.has(fingerprint))) {
    return {
      number,
      reason: "a profile that was replaced or deleted could be published again",
    };
  }
  // profiles were retired before there were histories
  if (isWhole && kept.size > followed.size) {
    return {
      number,
      reason: "a profile that was never replaced or deleted could not be published",
    };
  }
  return null;
}

function isSameSignatureState(a: SignatureState, b: SignatureState): boolean {
  return (
    a.sequence === b.sequence &&
    a.writesAfterSec === b.writesAfterSec &&
    a.ownerChain === b.ownerChain &&
    a.isGift === b.isGift &&
    a.givenUpBy.length === b.givenUpBy.length &&
    a.givenUpBy.every((wallet, index) => wallet === b.givenUpBy[index])
  );
}
