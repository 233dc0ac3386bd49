/**
 * What nobody may do against the owner of a name, or an admin who suspended it, whatever the rules of the time were. A
 * history that holds proves who signed what; it does not prove that they might. Whoever writes an export could let a
 * service take over a name that its owner holds, or a stranger sign for it.
 */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import type { HistoryEntry } from "../../registry/history/historyEntry.js";
import { isSigned } from "../../registry/history/recordedAuthority.js";
import { ownerOfState } from "../../registry/names/nameOwner.js";
import type { NameState } from "../../registry/names/nameState.js";
import type { SignatureState } from "../../registry/names/signatureState.js";

export interface Step {
  readonly entry: HistoryEntry;
  readonly before: NameState | null;
  readonly after: NameState | null;
  readonly marks: SignatureState;
  /** Fingerprints of the profiles that were replaced or deleted before. */
  readonly retired: ReadonlySet<string>;
}

/** Why the entry does not count, or null. */
export function ownersRightFault(step: Step): string | null {
  return isSigned(step.entry.authority) ? signedFault(step) : unsignedFault(step);
}

function signedFault({ entry: { authority }, before }: Step): string | null {
  if (before === null || !isSigned(authority)) return null;
  if (before.suspension) return "its owner signed while the name was suspended";
  const owner = ownerOfState(before);
  if (owner === null) return "a wallet signed for a name that is its service's own";
  return sameBytes(owner, fromHex(authority.address))
    ? null
    : "another wallet than the owner's signed it";
}

function unsignedFault({ entry, before, after, marks, retired }: Step): string | null {
  const { authority } = entry;
  const isRight = authority.kind === "admin" || authority.kind === "database";
  if (before?.suspension?.by === "admin" && !isRight && !isSuspendedAs(before, after)) {
    return "it changes what an admin suspended, in another right";
  }
  if (before?.held === true && !isOfService(entry, before, after)) {
    return "it changes without a signature what the owner of the name holds";
  }
  if (after?.held === true && before?.held !== true) {
    return "it says that an owner holds the name, who did not sign for it";
  }
  const shown = after?.profileFingerprint ?? null;
  if (shown === null || after === null || shown === before?.profileFingerprint) return null;
  if (authority.kind === "database") return null;
  if (retired.has(shown)) return "it brings back a profile that was replaced or deleted";
  const owner = ownerOfState(after);
  return owner && marks.givenUpBy.includes(toHex(owner))
    ? "it brings the name back to a wallet that gave it up"
    : null;
}

/** Suspending, which a service may always; of an admin, handing over to the domain that holds the name now, or ending it with its domain. */
function isOfService(
  { authority, operation }: HistoryEntry,
  before: NameState,
  after: NameState | null,
): boolean {
  if (authority.kind !== "service" && authority.kind !== "admin") return false;
  // told when it would end a name that is here (`decideArrival`)
  if (after === null) return operation === "withdraw" && authority.kind === "admin";
  if (operation === "handOver") return isSameBut("domain", before, after);
  const isSuspending = operation === "suspend" || operation === "unsuspend";
  // the row says the domain that holds it now as well
  return isSuspending && isSameBut("suspension", { ...before, domain: after.domain }, after);
}

function isSuspendedAs(before: NameState, after: NameState | null): boolean {
  return after !== null && stringify(after.suspension) === stringify(before.suspension);
}

function isSameBut(key: keyof NameState, before: NameState, after: NameState): boolean {
  return stringify({ ...before, [key]: null }) === stringify({ ...after, [key]: null });
}
