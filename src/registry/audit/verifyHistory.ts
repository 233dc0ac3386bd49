/** Recomputes the history of a name, entry by entry, and says where it breaks. */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { recoverSigner } from "../../dm3/keys/walletSignature.js";
import { stringify } from "../../dm3/stringify.js";
import { namehash } from "../../ens/namehash.js";
import { isSignpostError } from "../../errors.js";
import { hashBehind, type HistoryEnd } from "../history/historyChain.js";
import { entryHash, type HistoryEntry, type SealedEntry } from "../history/historyEntry.js";
import { digestOfEntry, type RecordedAuthority } from "../history/recordedAuthority.js";
import { applyChange } from "../history/stateChange.js";
import { takenSignature } from "../history/takenSignature.js";
import { type NameState, nameState, stateDigest } from "../names/nameState.js";
import { marksAfter, NO_MARKS, type SignatureMarks } from "../names/signatureMarks.js";
import type { StoredName } from "../names/storedName.js";
import { parseRecordWrite } from "../signed/recordWrites.js";
import { signedEffectFault } from "./signedEffect.js";

/** Where a history breaks: at which entry, and a sentence about why. */
export interface Break {
  readonly number: number;
  readonly reason: string;
}

/** What has been followed so far. Begin with `BEGINNING`. */
export interface Followed {
  readonly end: HistoryEnd | null;
  readonly state: NameState | null;
  readonly marks: SignatureMarks;
  /** Fingerprints of the profiles that were replaced or deleted. */
  readonly retired: readonly Hex[];
}

export const BEGINNING: Followed = { end: null, state: null, marks: NO_MARKS, retired: [] };

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
  const marks = marksBehind(before, state, entry);
  if (typeof marks === "string") return breaks(marks);
  const retired = [...before.retired, ...retiredBetween(before.state, state)];
  return { end: { number, hash, after: fromHex(entry.after) }, state, marks, retired };
}

export function isBreak(result: Followed | Break): result is Break {
  return "reason" in result;
}

function retiredBetween(before: NameState | null, after: NameState | null): readonly Hex[] {
  const shown = before?.profileFingerprint ?? null;
  return shown === null || shown === after?.profileFingerprint ? [] : [shown];
}

/** What a database has of a name. */
export interface StoredTraces {
  readonly stored: StoredName | null;
  readonly end: HistoryEnd | null;
  readonly marks: SignatureMarks;
  /** Fingerprints (32 bytes). */
  readonly retired: readonly Uint8Array[];
}

/** Compares what was followed with what the database has beside the history: all of it follows from the history. */
export function compareWithStored(
  { end, state, marks, retired }: Followed,
  { stored, end: storedEnd, ...traces }: StoredTraces,
): Break | null {
  const number = end?.number ?? 0;
  if (number !== (storedEnd?.number ?? 0) || !sameBytes(hashBehind(end), hashBehind(storedEnd))) {
    return { number, reason: "its end was cut off or replaced" };
  }
  // older than histories, or made behind our back: its first change will tell
  if (end === null) {
    return stored?.held === true
      ? { number, reason: "its owner signed for it, and the history of that is gone" }
      : null;
  }
  const row = stored && nameState(stored);
  if (!sameBytes(stateDigest(row), stateDigest(state))) {
    return { number, reason: "the name's row is not what its history leads to" };
  }
  if (!isSameMarks(marks, traces.marks)) {
    return {
      number,
      reason: "what is kept of its owners' signatures is not what its history leads to",
    };
  }
  const kept = new Set(traces.retired.map(toHex));
  if (!retired.every((fingerprint) => kept.has(fingerprint))) {
    return {
      number,
      reason: "a profile that was replaced or deleted is not kept from coming back",
    };
  }
  return null;
}

function isSameMarks(a: SignatureMarks, b: SignatureMarks): boolean {
  const text = ({ ownerChain, ...marks }: SignatureMarks) =>
    stringify({ ...marks, ownerChain: String(ownerChain) });
  return text(a) === text(b);
}

type SignedAuthority = RecordedAuthority & { kind: "owner" | "writer" };

/** What is left of the owners' signatures behind the entry, or why its signature does not count. */
function marksBehind(
  { marks: before, state: former }: Followed,
  state: NameState | null,
  entry: HistoryEntry,
): SignatureMarks | string {
  const { authority, name, operation, atMs } = entry;
  const taken = operation === "found" ? null : takenSignature(authority, operation, atMs);
  if (taken === null || !isSigned(authority)) return before;
  const fault =
    authority.kind === "owner"
      ? requestFault(before, authority.request, name)
      : messageFault(before, authority.message, name);
  if (fault !== null) return fault;
  // what a contract said then cannot be computed: `contractProofOf` is for who can ask the chain
  if (!taken.byContract) {
    if (!isSignedByKey(authority)) return "its signature is not by the wallet that it names";
  } else if (before.ownerChain !== null && before.ownerChain !== taken.chainId) {
    return "its contract wallet was asked on another chain than the one of its owner";
  }
  return signedEffectFault(entry, authority, former, state) ?? marksAfter(before, taken);
}

function isSigned(authority: RecordedAuthority): authority is SignedAuthority {
  return authority.kind === "owner" || authority.kind === "writer";
}

function requestFault(
  { sequence }: SignatureMarks,
  request: (SignedAuthority & { kind: "owner" })["request"],
  name: string,
): string | null {
  if (request.name !== name) return "its signature is for another name";
  return request.sequence === sequence + 1 ? null : "its sequence is not the next one";
}

function messageFault(
  { writesAfterSec }: SignatureMarks,
  { data, expirationTimestamp }: (SignedAuthority & { kind: "writer" })["message"],
  name: string,
): string | null {
  if (!sameBytes(nodeOfWrite(data), namehash(name))) return "its signature is for another name";
  return BigInt(expirationTimestamp) > BigInt(writesAfterSec)
    ? null
    : "its message is not newer than what its owner signed before";
}

/** No bytes for what is no write. */
function nodeOfWrite(data: Hex): Uint8Array {
  try {
    return parseRecordWrite(fromHex(data)).node;
  } catch (error) {
    if (isSignpostError(error)) return new Uint8Array();
    throw error;
  }
}

function isSignedByKey(authority: SignedAuthority): boolean {
  try {
    const digest = digestOfEntry(authority);
    const signer = recoverSigner(digest, fromHex(authority.signature), "INVALID_REQUEST");
    return sameBytes(signer, fromHex(authority.address));
  } catch (error) {
    if (isSignpostError(error, "WRONG_SIGNER", "INVALID_REQUEST")) return false;
    throw error;
  }
}
