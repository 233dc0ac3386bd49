/** What a database has of a name beside its history: all of it follows from the history. */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { hashBehind, type StoredEnd } from "../history/historyChain.js";
import { nameState, stateDigest } from "../names/nameState.js";
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

/** Compares what was followed with what the database has beside the history: all of it follows from the history. */
export function compareWithStored(
  { end, state, signatureState, retired, isWhole }: Followed,
  { stored, end: storedEnd, ...traces }: StoredTraces,
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
  const row = stored && nameState(stored);
  if (!sameBytes(stateDigest(row), stateDigest(state))) {
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
  if (!retired.every((fingerprint) => kept.has(fingerprint))) {
    return {
      number,
      reason: "a profile that was replaced or deleted could be published again",
    };
  }
  // profiles were retired before there were histories
  if (isWhole && kept.size > new Set(retired).size) {
    return {
      number,
      reason: "a profile that was never replaced or deleted could not be published",
    };
  }
  return null;
}

function isSameSignatureState(a: SignatureState, b: SignatureState): boolean {
  const text = ({ ownerChain, ...signatureState }: SignatureState) =>
    stringify({ ...signatureState, ownerChain: String(ownerChain) });
  return text(a) === text(b);
}
