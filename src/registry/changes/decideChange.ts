/** From what is known of a locked name to what is written of it: state and history, which always go together. */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { acceptedSignature } from "../history/acceptedSignature.js";
import { appendEntry, type HistoryEnd, type Step } from "../history/historyChain.js";
import type { SealedEntry } from "../history/historyEntry.js";
import type { KnownName, NameChange } from "../history/lockedName.js";
import { recordedAuthority } from "../history/recordedAuthority.js";
import type { Action } from "../names/action.js";
import { applyAction } from "../names/applyAction.js";
import type { Authority } from "../names/authority.js";
import { nameState, stateDigest } from "../names/nameState.js";
import { type SignatureState, signatureStateAfter } from "../names/signatureState.js";
import type { Situation } from "../names/situation.js";
import type { StoredName } from "../names/storedName.js";

export type ChangeSituation = Omit<
  Situation,
  | "current"
  | keyof SignatureState
  | "hasHistory"
  | "isRetired"
  | "claimantNames"
  | "reservation"
  | "twins"
>;

export interface Decision {
  readonly after: StoredName | null;
  /** Whether the state became another; an owner's signature is written down even where it did not. */
  readonly isChanged: boolean;
  /** Null when nothing is to be written. */
  readonly change: NameChange | null;
}

/** Throws what refuses one of the actions: then none of them counts. */
export function decideChange(
  known: KnownName,
  situation: ChangeSituation,
  actions: readonly Action[],
  authority: Authority,
): Decision {
  let current: StoredName | null = known.stored;
  let { signatureState } = known;
  let isChanged = false;
  const retired: Digest[] = [];
  const chain = historyChain(known, situation);

  for (const action of actions) {
    const before = current;
    current = applyAction(
      { ...known, ...situation, ...signatureState, current, hasHistory: known.end !== null },
      action,
      authority,
    );
    const isSame = isSameState(before, current);
    const recorded = recordedAuthority(authority);
    const accepted = acceptedSignature(recorded, action.kind, situation.nowMs);
    // an owner's signature is used up even where it changes nothing
    if (accepted === null && isSame) continue;
    isChanged ||= !isSame;
    if (accepted) signatureState = signatureStateAfter(signatureState, accepted);
    retired.push(...replacedProfile(before, current));
    chain.append({
      authority: recorded,
      action: action.kind,
      before: before && nameState(before),
      after: current && nameState(current),
    });
  }
  const end = chain.end();
  const change = end && { after: current, retired, signatureState, entries: chain.entries, end };
  return { after: current, isChanged, change };
}

function isSameState(a: StoredName | null, b: StoredName | null): boolean {
  return a === b || sameBytes(digestOf(a), digestOf(b));
}

/** A profile that is not there any more, whatever took it away, never comes back. */
function replacedProfile(before: StoredName | null, after: StoredName | null): Digest[] {
  const fingerprint = before?.profileFingerprint;
  if (!fingerprint) return [];
  const kept = after?.profileFingerprint;
  return kept && sameBytes(kept, fingerprint) ? [] : [fingerprint];
}

/** The entries to append; a row that is not as the history left it is told first. */
function historyChain({ end: known, stored }: KnownName, { name, nowMs }: ChangeSituation) {
  const entries: SealedEntry[] = [];
  let end: HistoryEnd | null = known;
  const add = (step: Omit<Step, "name" | "atMs">) => {
    const appended = appendEntry(end, { name, atMs: nowMs, ...step });
    entries.push(appended.sealed);
    end = appended.end;
  };
  return {
    entries,
    append: (step: Omit<Step, "name" | "atMs">) => {
      const left = known?.after ?? stateDigest(null);
      if (entries.length === 0 && !sameBytes(left, digestOf(stored))) {
        const found = stored && nameState(stored);
        add({ authority: { kind: "database" }, action: "found", before: null, after: found });
      }
      add(step);
    },
    /** Null while nothing was appended. */
    end: () => (entries.length > 0 ? end : null),
  };
}

function digestOf(name: StoredName | null): Digest {
  return stateDigest(name && nameState(name));
}
