/**
 * A name of an export, verified: its history is followed from the beginning with every signature in it, and state, marks
 * and retired profiles must be what it leads to. Nothing of what stands here before is looked at: that does
 * `decideArrival`.
 */
import { digestFrom } from "../../abi/digest.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { isWithin } from "../../ens/hierarchy.js";
import { namehash } from "../../ens/namehash.js";
import type { NormalName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import { isSignpostError } from "../../errors.js";
import { compareWithStored } from "../../registry/audit/compareWithStored.js";
import {
  BEGINNING,
  type Break,
  type Followed,
  followStored,
  isBreak,
} from "../../registry/audit/followEntry.js";
import type { HistoryEnd } from "../../registry/history/historyChain.js";
import type { HistoryEntry, SealedEntry } from "../../registry/history/historyEntry.js";
import { isSigned } from "../../registry/history/recordedAuthority.js";
import type { SignatureState } from "../../registry/names/signatureState.js";
import type { StoredName } from "../../registry/names/storedName.js";
import type { NameLine } from "../form/exportLine.js";
import type { NameArrival, NameMarks, Refused } from "./nameArrival.js";
import { ownersRightFault } from "./ownersRight.js";
import { assertShown } from "./shownRecords.js";
import { assertChangeForm } from "./stateForm.js";

/** Of one name. The registry sets no bound; a name that changed more often is told, and not taken. */
export const MOST_ENTRIES = 100_000;

/** In characters of canonical JSON. A name at all its bounds has 0.6 MiB, and up to six characters for one in escapes. */
const LONGEST_STATE = 2 * 1024 * 1024;

/** Of all states of one history together: each is made, and hashed, so a small change of a large state is work as well. */
const MOST_OF_STATES = 256 * 1024 * 1024;

/** Clocks differ; what is dated further ahead would keep an owner's messages out until then. */
const MOST_AHEAD_MS = 60 * 60 * 1000;

export interface VerifyContext {
  /** The export's. */
  readonly domain: string;
  readonly nowMs: number;
}

/** A name's line and those of its entries, in their order, each with the form that `readLine` asks for. */
export interface NameLines {
  readonly line: NameLine;
  /** The canonical JSON of its state, where that is known already. */
  readonly stateText?: string;
  readonly entries: readonly SealedEntry[];
}

export async function verifyName(
  { line, entries, stateText = stringify(line.state) }: NameLines,
  context: VerifyContext,
): Promise<NameArrival | Refused> {
  const refused = (reason: string): Refused => ({ name: line.name, reason });
  const name = normalNameOf(line);
  if (typeof name !== "string") return refused(name.reason);
  const nameFault = faultOfName(line, entries, context);
  if (nameFault !== null) return refused(nameFault);
  const walked = walk(line, entries, context);
  if (isBreak(walked)) return refused(sentence(walked));
  const { followed, ofContracts } = walked;
  const isFollowed = stateText === followed.stateText;
  const read = await readState(line, stateText, isFollowed);
  if ("reason" in read) return refused(read.reason);
  const { stored, signatureState, marks } = read;
  const end: HistoryEnd | null = followed.end;
  const traces = {
    stored: stored && { ...stored, version: 0n, sequence: signatureState.sequence },
    end: end && { ...end, version: null },
    signatureState,
    retired: marks.retired,
  };
  const broken = compareWithStored(followed, traces, stateText) ?? faultOfEnd(line, end);
  if (broken !== null) return refused(sentence(broken));
  const node = stored?.node ?? namehash(name);
  return { name, node, state: stored, signatureState, entries, end, ofContracts, marks };
}

function sentence({ number, reason }: Break): string {
  return number === 0 ? reason : `entry ${number}: ${reason}`;
}

function normalNameOf({ name }: NameLine): NormalName | { readonly reason: string } {
  try {
    assertNormalName(name);
    return name;
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return { reason: error.message };
  }
}

function faultOfName(
  { name, end, state }: NameLine,
  entries: readonly SealedEntry[],
  { domain }: VerifyContext,
): string | null {
  if (!isWithin(name, domain)) return `it does not lie under ${domain}`;
  if (state !== null && (state.name !== name || state.domain !== domain)) {
    return `its state is that of ${state.name} under ${state.domain}`;
  }
  if (entries.length !== (end?.number ?? 0)) {
    return `it has ${entries.length} entries, where its line says ${end?.number ?? 0}`;
  }
  return null;
}

interface Walked {
  readonly followed: Followed;
  readonly ofContracts: readonly number[];
}

function walk(
  { name }: NameLine,
  entries: readonly SealedEntry[],
  { nowMs }: VerifyContext,
): Walked | Break {
  let followed: Followed = BEGINNING;
  const retired = new Set<string>();
  const ofContracts: number[] = [];
  let states = 0;
  for (const sealed of entries) {
    const before = followed;
    const { entry } = sealed;
    const number = (before.end?.number ?? 0) + 1;
    const breaks = (reason: string): Break => ({ number, reason });
    const misformed = faultOfForm(entry);
    if (misformed !== null) return breaks(misformed);
    const next = followStored(before, { ...sealed, storedAs: entry.number });
    if (isBreak(next)) return next;
    if (entry.name !== name) return breaks(`it is about ${entry.name}`);
    if (!(Number.isSafeInteger(entry.atMs) && entry.atMs <= nowMs + MOST_AHEAD_MS)) {
      return breaks("it is dated ahead");
    }
    states += next.stateText.length;
    if (next.stateText.length > LONGEST_STATE) {
      return breaks(`its state has more than ${LONGEST_STATE} characters, which no records have`);
    }
    if (states > MOST_OF_STATES) {
      return breaks(`its states have more than ${MOST_OF_STATES} characters together up to here`);
    }
    const step = {
      entry,
      before: before.state,
      after: next.state,
      marks: before.signatureState,
      retired,
    };
    try {
      const fault = ownersRightFault(step);
      if (fault !== null) return breaks(fault);
    } catch (error) {
      if (!isSignpostError(error) && !(error instanceof TypeError)) throw error;
      return breaks(`its content cannot be read (${error.message})`);
    }
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

interface ReadState {
  readonly stored: StoredName | null;
  readonly signatureState: SignatureState;
  readonly marks: NameMarks;
}

/** @param isFollowed whether the history leads to this state, so that its form is known */
async function readState(
  line: NameLine,
  stateText: string,
  isFollowed: boolean,
): Promise<ReadState | { readonly reason: string }> {
  const { state, marks, retired, served, servedBefore } = line;
  const { ownerChain, ...others } = marks;
  try {
    return {
      stored: state && (await assertShown(state, stateText, isFollowed)),
      signatureState: { ...others, ownerChain: ownerChain === null ? null : BigInt(ownerChain) },
      marks: {
        retired: retired.map(digestOf),
        served: served && {
          digest: digestOf(served.rowDigest),
          fingerprint: digestOf(served.profileFingerprint),
        },
        servedBefore: servedBefore.map(digestOf),
      },
    };
  } catch (error) {
    if (isSignpostError(error) && error.code !== "INTERNAL") return { reason: error.message };
    // storedOf reads what has the wrong types
    if (error instanceof TypeError || error instanceof SyntaxError || isSignpostError(error)) {
      return { reason: `its state cannot be read (${error.message})` };
    }
    throw error;
  }
}

function faultOfEnd({ end: said }: NameLine, end: HistoryEnd | null): Break | null {
  if (said === null || end === null || said.hash === toHex(end.hash)) return null;
  return { number: end.number, reason: "its hash is not the one that the line of the name says" };
}

function digestOf(hex: Hex) {
  return digestFrom(fromHex(hex));
}
