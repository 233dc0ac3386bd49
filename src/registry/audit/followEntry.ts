/** Follows a history by one entry, and says where it breaks. */
import { sameBytes } from "../../abi/bytes.js";
import { digestFrom } from "../../abi/digest.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { sha256OfText } from "../../abi/sha256.js";
import { stringify } from "../../dm3/stringify.js";
import { hashBehind, type HistoryEnd } from "../history/historyChain.js";
import type { StoredEntry } from "../history/historyEntry.js";
import { applyChange } from "../history/stateChange.js";
import { type NameState, stateDigest } from "../names/nameState.js";
import { NEVER_SIGNED, type SignatureState } from "../names/signatureState.js";
import { signatureStateBehind } from "./entrySignature.js";

/** Where a history breaks: at which entry, and a sentence about why. */
export interface Break {
  readonly number: number;
  readonly reason: string;
}

/** What has been followed so far. Begin with `BEGINNING`. */
export interface Followed {
  readonly end: HistoryEnd | null;
  readonly state: NameState | null;
  readonly signatureState: SignatureState;
  /** The state's canonical JSON. */
  readonly stateText: string;
  /** The profiles that were replaced or deleted. */
  readonly retired: RetiredProfile | null;
  /** Whether it tells of all that happened: no row was found that it had not led to. */
  readonly isWhole: boolean;
}

/** One after the other, the last one first: a history has as many as entries, and to copy them each time takes long. */
interface RetiredProfile {
  readonly fingerprint: Hex;
  readonly former: RetiredProfile | null;
}

export const BEGINNING: Followed = {
  end: null,
  state: null,
  signatureState: NEVER_SIGNED,
  stateText: "null",
  retired: null,
  isWhole: true,
};

/** The same for an entry as a database has it: where it lies has to be its place, or it is in the way of a later one. */
export function followStored(before: Followed, stored: StoredEntry): Followed | Break {
  const followed = followEntry(before, stored);
  const { storedAs, entry } = stored;
  if (isBreak(followed) || storedAs === entry.number) return followed;
  return {
    number: entry.number,
    reason: `it lies under number ${storedAs} in the database, where a later entry would have to be`,
  };
}

/** One entry further, or the break. An entry whose content has not the form that we write breaks the history as well. */
function followEntry(before: Followed, stored: StoredEntry): Followed | Break {
  const number = (before.end?.number ?? 0) + 1;
  try {
    return follow(before, stored, number);
  } catch (error) {
    return { number, reason: unreadable(error) };
  }
}

/** Whoever can write to the database can write anything, so nothing of an entry is what its type says. */
export function unreadable(error: unknown): string {
  const reason = error instanceof Error ? error.message : "unknown reason";
  return `its content cannot be read (${reason})`;
}

const NO_STATE = stateDigest(null);

function follow(
  before: Followed,
  { entry, hash, text: entryText = stringify(entry) }: StoredEntry,
  number: number,
): Followed | Break {
  const breaks = (reason: string): Break => ({ number, reason });
  if (entry.number !== number) return breaks(`entry ${number} is missing`);
  if (!sameBytes(sha256OfText(entryText), hash)) {
    return breaks("its hash is not the hash of its content, so one of the two was changed");
  }
  if (entry.previous !== toHex(hashBehind(before.end))) {
    return breaks("its previous hash is not the hash of the entry before it");
  }
  // nobody signs what was found, so what says that it was found is in nobody's right
  const isFound = entry.operation === "found";
  if (isFound !== (entry.authority.kind === "database")) {
    return breaks(
      isFound
        ? `it says that the row was found, which is in nobody's right, and names that of: ${entry.authority.kind}`
        : "it changes the name in nobody's right, and does not say that the row was found",
    );
  }
  if (!isFound && entry.before !== toHex(before.end?.after ?? NO_STATE)) {
    return breaks("its state before is not the state after the entry before it");
  }
  const state = applyChange(before.state, entry.change);
  const stateText = stringify(state);
  if (entry.after !== toHex(sha256OfText(stateText))) {
    return breaks("its change does not lead to its state after");
  }
  const signatureState = signatureStateBehind(before.signatureState, before.state, state, entry);
  if (typeof signatureState === "string") return breaks(signatureState);
  const fingerprint = retiredBetween(before.state, state);
  return {
    end: { number, hash, after: digestFrom(fromHex(entry.after)) },
    state,
    signatureState,
    stateText,
    retired: fingerprint === null ? before.retired : { fingerprint, former: before.retired },
    isWhole: before.isWhole && !isFound,
  };
}

export function isBreak(result: object): result is Break {
  return "reason" in result;
}

function retiredBetween(before: NameState | null, after: NameState | null): Hex | null {
  const shown = before?.profileFingerprint ?? null;
  return shown === null || shown === after?.profileFingerprint ? null : shown;
}
