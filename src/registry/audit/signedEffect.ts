/**
 * What an owner's entry must have led to: the signed content, done again on the state before. Only what a signature is
 * over is done again, not the rules of who may do what, which may become others.
 */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { addressFrom } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import { isSignpostError } from "../../errors.js";
import { hashText } from "../../signing/typedData.js";
import type { HistoryEntry } from "../history/historyEntry.js";
import type { SignedAuthority } from "../history/recordedAuthority.js";
import type { Action } from "../names/action.js";
import { effectOf } from "../names/applyAction.js";
import { type NameState, nameState, stateDigest, storedOf } from "../names/nameState.js";
import type { StoredName } from "../names/storedName.js";
import { earlierRecordsAction } from "../names/verifiedActions.js";
import { changedRecords } from "../signed/changedRecords.js";
import { parseRecordWrite } from "../signed/recordWrites.js";
import { contentOf, signedAction } from "../signed/signedRequest.js";

/** Null where the entry did what was signed; otherwise why not. */
export function signedEffectFault(
  { name, operation, after }: HistoryEntry,
  authority: SignedAuthority,
  before: NameState | null,
  state: NameState | null,
): string | null {
  const current = before && storedOf(before);
  try {
    const signed =
      authority.kind === "owner" ? ofRequest(authority) : ofMessage(authority, current);
    if (typeof signed === "string") return signed;
    if (signed.kind !== operation) return "its signature is for another action";
    // the domain alone is not signed: a more specific one may have been added
    const domain = { name: state?.domain ?? before?.domain ?? "" };
    const situation = { node: namehash(name), name, domain, current, isRetired: false, nowMs: 0 };
    const expected = effectOf(situation, signed, authority.kind);
    if (sameBytes(stateDigest(expected && nameState(expected)), fromHex(after))) return null;
  } catch (error) {
    if (!isSignpostError(error)) throw error;
  }
  return "its signature is over something else than its change";
}

function ofRequest(authority: SignedAuthority & { kind: "owner" }): Action | string {
  const { request, content, address } = authority;
  if (toHex(hashText(content)) !== request.contentHash) {
    return "its content is not the one whose hash was signed";
  }
  const parsed = contentOf(request, JSON.parse(content));
  return signedAction({
    request,
    content: parsed,
    authority: { address: addressFrom(fromHex(address)) },
  });
}

function ofMessage(
  { message }: SignedAuthority & { kind: "writer" },
  current: StoredName | null,
): Action | string {
  if (current === null) return "its message is about a name that did not exist";
  const { changes } = parseRecordWrite(fromHex(message.data));
  return earlierRecordsAction(changedRecords(current, changes));
}
