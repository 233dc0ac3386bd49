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
import { type Break, isBreak } from "../../registry/audit/followEntry.js";
import type { HistoryEnd } from "../../registry/history/historyChain.js";
import type { SealedEntry } from "../../registry/history/historyEntry.js";
import type { SignatureState } from "../../registry/names/signatureState.js";
import type { StoredName } from "../../registry/names/storedName.js";
import type { NameLine } from "../form/exportLine.js";
import { followEntries } from "./followEntries.js";
import type { NameArrival, NameMarks, Refused } from "./nameArrival.js";
import { assertShown } from "./shownRecords.js";

/** Of one name. The registry sets no bound; a name that changed more often is told, and not taken. */
export const MOST_ENTRIES = 100_000;

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
  const history = followEntries(line.name, entries, context.nowMs);
  if (isBreak(history)) return refused(sentence(history));
  const { followed, ofContracts } = history;
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
