/**
 * When a statement of a DM3 key counts: signed before now, and not before the one that is there. Statements have no end, so whoever
 * kept an older one could bring back what its signer has left: a relay node off the public lists, a certificate whose key leaked.
 */
import { certificateKey } from "../../dm3/statement/certificate.js";
import { NETWORK_KEY } from "../../dm3/statement/networkRecord.js";
import { NODE_PROOF_KEY } from "../../dm3/statement/nodeProof.js";
import { SignpostError } from "../../errors.js";
import type { Action } from "./action.js";
import type { StoredName } from "./storedName.js";

/** Of a machine that signs without a network; what is further ahead would keep every later one out. */
const MOST_AHEAD_SEC = 60 * 60;

/** Throws INVALID_PROFILE for a statement that is dated ahead. */
export function assertNotAhead(action: Action, nowMs: number): void {
  const statement = statementIn(action);
  const latestSec = Math.floor(nowMs / 1000) + MOST_AHEAD_SEC;
  if (statement === null || signedAtSec(statement.record) <= latestSec) return;
  throw new SignpostError(
    "INVALID_PROFILE",
    "The statement was signed in the future. Set the clock of the machine that signs, and sign it again.",
    { field: "signedAtSec" },
  );
}

/** Throws SUPERSEDED_STATEMENT for one that is older than the one that is there. */
export function assertNotOlder(current: StoredName | null, action: Action): void {
  const statement = statementIn(action);
  const published = statement && current?.texts.get(statement.key);
  if (!statement || published === undefined || published === null) return;
  const publishedAtSec = signedAtSec(published);
  if (signedAtSec(statement.record) >= publishedAtSec) return;
  const name = current?.name ?? "";
  throw new SignpostError(
    "SUPERSEDED_STATEMENT",
    `The statement is older than the one that ${name} has, so it is not taken: anyone with a copy of it could undo what was signed later. Sign it again.`,
    { name, signedAfterSec: publishedAtSec },
  );
}

/** What the action publishes that a DM3 key signed: where it stands, and its text. */
function statementIn(action: Action): { readonly key: string; readonly record: string } | null {
  if (action.kind === "registerRelayNode") {
    return action.proof && { key: NODE_PROOF_KEY, record: action.proof.record };
  }
  if (action.kind === "registerNetwork") {
    return { key: NETWORK_KEY, record: action.statement.record };
  }
  if (action.kind === "publishCertificate") {
    return { key: certificateKey(action.scheme), record: action.record };
  }
  return null;
}

/** Its format was verified when it was written. */
function signedAtSec(record: string): number {
  return (JSON.parse(record) as { readonly signedAtSec: number }).signedAtSec;
}
