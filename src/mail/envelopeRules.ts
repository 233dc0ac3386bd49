/** What an envelope may hold (RFC 5321, section 4.1.1): its parameters, and which sender goes with which recipient. */
import type { SMTPServerAddress, SMTPServerSession } from "smtp-server";
import type { Connection } from "./evidence.js";
import type { Recipient } from "./recipients.js";
import {
  mixedRecipients,
  needsNullSender,
  nullSender,
  tooManyRecipients,
  unknownParameter,
} from "./smtpReply.js";

const MOST_RECIPIENTS = 50;
const KNOWN_PARAMETERS = ["SIZE", "BODY", "SMTPUTF8"];

/** Throws SmtpRefusal, as the others here. */
export function assertParameters({ args }: SMTPServerAddress): void {
  const [unknown] = Object.keys(args === false ? {} : args).filter(
    (name) => !KNOWN_PARAMETERS.includes(name),
  );
  if (unknown === undefined) return;
  throw unknownParameter(unknown.replace(/[^A-Z0-9-]/g, "?").slice(0, 20));
}

/** @param before how many recipients the mail has already */
export function assertOneMore(before: number): void {
  if (before >= MOST_RECIPIENTS) throw tooManyRecipients();
}

/** @param before how many recipients the mail has already */
export function assertFits(recipient: Recipient, { mailFrom }: Connection, before: number): void {
  const isReport = recipient.is === "report";
  // those who forward mail put their own sender in its place, or none
  const isForwarded = recipient.is === "canary";
  if (mailFrom === "" && !isReport && !isForwarded) throw nullSender();
  if (mailFrom !== "" && isReport) throw needsNullSender();
  if (recipient.is !== "user" && before > 0) throw mixedRecipients();
}

export function connectionOf(session: SMTPServerSession): Connection {
  const { remoteAddress, hostNameAppearsAs, envelope } = session;
  const mailFrom = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
  return { ip: remoteAddress, helo: hostNameAppearsAs, mailFrom };
}
