/**
 * Whether a mail is from whom it says: the decision table of docs/mail-wire.md. Only a signature of exactly the author's domain makes
 * somebody known here, because the bridge then signs as that person towards DM3.
 */
import type { NativeAddress } from "../messaging/address/nativeAddress.js";
import { isAutomaticOrOfList } from "./automaticMail.js";
import type { Evidence } from "./evidence.js";
import type { HeaderField } from "./headerFields.js";
import {
  automaticOrList,
  badFrom,
  neighbourOnly,
  notAuthenticated,
  notFoundOut,
  type SmtpRefusal,
} from "./smtpReply.js";

/** What is remembered of an author; asked only where it decides. */
export interface AuthorHistory {
  /** Whether messages came from this address before, or went to it. */
  readonly isKnown: () => Promise<boolean>;
  /** Whether a mail of this address that its own domain signed had a signature of this domain as well. */
  readonly hasSeenSigner: (domain: string) => Promise<boolean>;
}

/** Null: it is. Otherwise how it is refused. Throws what the history throws. */
export async function verdictOn(
  from: NativeAddress,
  header: readonly HeaderField[],
  evidence: Evidence | "too late",
  history: AuthorHistory,
): Promise<SmtpRefusal | null> {
  if (evidence === "too late") return notFoundOut("in time who signed the mail");
  if (!evidence.readsSameFrom) return badFrom("can be read in two ways");
  if (evidence.isStrong) {
    if (!isAutomaticOrOfList(header)) return null;
    return (await history.isKnown()) ? null : automaticOrList();
  }
  if (evidence.unknown !== null) return notFoundOut(evidence.unknown);
  const [signer] = evidence.neighbours;
  if (signer === undefined) return notAuthenticated(from.domain, evidence.comment);
  if (!(await history.isKnown())) return neighbourOnly(from.domain, signer);
  for (const one of evidence.neighbours) if (await history.hasSeenSigner(one)) return null;
  return neighbourOnly(from.domain, signer);
}
