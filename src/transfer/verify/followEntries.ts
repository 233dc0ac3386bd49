/** The history of an export's name, followed from the beginning: every signature in it, and every state it leads through. */
import { isSignpostError } from "../../errors.js";
import {
  BEGINNING,
  type Break,
  type Followed,
  followStored,
  isBreak,
} from "../../registry/audit/followEntry.js";
import type { HistoryEntry, SealedEntry } from "../../registry/history/historyEntry.js";
import { isSigned } from "../../registry/history/recordedAuthority.js";
import { ownersRightFault } from "./ownersRight.js";
import { assertChangeForm } from "./stateForm.js";

/** In characters of canonical JSON. A name at all its bounds has 0.6 MiB, and up to six characters for one in escapes. */
const LONGEST_STATE = 2 * 1024 * 1024;

/** Of all states of one history together: each is made, and hashed, so a small change of a large state is work as well. */
const MOST_OF_STATES = 256 * 1024 * 1024;

/** Clocks differ; what is dated further ahead would keep an owner's messages out until then. */
const MOST_AHEAD_MS = 60 * 60 * 1000;

export interface FollowedEntries {
  readonly followed: Followed;
  /** The numbers of the entries that a contract wallet signed: a chain has to be asked about those. */
  readonly ofContracts: readonly number[];
}

export function followEntries(
  name: string,
  entries: readonly SealedEntry[],
  nowMs: number,
): FollowedEntries | Break {
  let followed: Followed = BEGINNING;
  const retired = new Set<string>();
  const ofContracts: number[] = [];
  let statesLength = 0;
  for (const sealed of entries) {
    const before = followed;
    const { entry } = sealed;
    const number = (before.end?.number ?? 0) + 1;
    const misformed = faultOfForm(entry);
    if (misformed !== null) return { number, reason: misformed };
    const next = followStored(before, { ...sealed, storedAs: entry.number });
    if (isBreak(next)) return next;
    statesLength += next.stateText.length;
    const reason =
      faultOfPlace(entry, name, nowMs) ??
      faultOfLength(next.stateText.length, statesLength) ??
      faultOfRight(entry, before, next, retired);
    if (reason !== null) return { number, reason };
    if (isSigned(entry.authority) && entry.authority.acceptedAtBlock !== undefined) {
      ofContracts.push(number);
    }
    if (next.retired !== null && next.retired !== before.retired) {
      retired.add(next.retired.fingerprint);
    }
    followed = next;
  }
  return { followed, ofContracts };
}

function faultOfPlace(entry: HistoryEntry, name: string, nowMs: number): string | null {
  if (entry.name !== name) return `it is about ${entry.name}`;
  const isDatedWell = Number.isSafeInteger(entry.atMs) && entry.atMs <= nowMs + MOST_AHEAD_MS;
  return isDatedWell ? null : "it is dated ahead";
}

function faultOfLength(state: number, states: number): string | null {
  if (state > LONGEST_STATE) {
    return `its state has more than ${LONGEST_STATE} characters, which no records have`;
  }
  if (states > MOST_OF_STATES) {
    return `its states have more than ${MOST_OF_STATES} characters together up to here`;
  }
  return null;
}

/** @param retired the fingerprints of the profiles that the entries before gave up */
function faultOfRight(
  entry: HistoryEntry,
  before: Followed,
  after: Followed,
  retired: ReadonlySet<string>,
): string | null {
  const marks = before.signatureState;
  try {
    return ownersRightFault({ entry, before: before.state, after: after.state, marks, retired });
  } catch (error) {
    if (!isSignpostError(error) && !(error instanceof TypeError)) throw error;
    return `its content cannot be read (${error.message})`;
  }
}

/** Each state of the history is then of the form that we write: it is asked about before anything is done with it. */
function faultOfForm({ change }: HistoryEntry): string | null {
  try {
    assertChangeForm(change);
    return null;
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST")) throw error;
    return error.message;
  }
}
