/** Reports to mail users about mail that we had taken and that could not be delivered (RFC 3464, RFC 6522). */
import { randomBytes } from "node:crypto";
import type { NormalName } from "../ens/normalize.js";
import { foreignText } from "../fetch/foreignText.js";
import { MAILER_DAEMON } from "../messaging/address/bridgeItself.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { isAutomaticOrOfList } from "./automaticMail.js";
import { type HeaderField, parseHeader, valuesOf } from "./headerFields.js";
import type { SealableReport, SealReport } from "./mailPorts.js";
import { readEntity } from "./nativeEntity.js";
import type { OutboundLimits } from "./outboundLimits.js";
import {
  addressOf,
  encryptedFields,
  type OutgoingMailSettings,
  sendSigned,
  type SignableMail,
} from "./outgoingMail.js";

export interface FailureReport {
  /** Whose mail it was; proven, as that of all that was taken. */
  readonly to: NativeAddress;
  /** Whom it was for. */
  readonly recipient: NormalName;
  /** `delayed`: it is tried again. */
  readonly is: "failed" | "delayed";
  /** For a person; what is not ASCII is left out. */
  readonly sentence: string;
  /** The mail as it came; only its Message-ID goes back. */
  readonly original: Uint8Array;
}

export interface ReportSettings extends Pick<
  OutgoingMailSettings,
  "mailDomain" | "budget" | "signer" | "outlet" | "nowMs"
> {
  readonly limits: OutboundLimits;
  readonly seal: SealReport;
}

const LONGEST_READ = 64 * 1024;
const MESSAGE_ID = /^<[!-;=?-~]{1,250}>$/;

/** What became of a report. "not wanted": about mail that no person wrote. */
export type ReportOutcome = "sent" | "refused" | "too many today" | "not wanted";

/** @throws UNREACHABLE where the mail server did not take it */
export async function sendReport(
  report: FailureReport,
  settings: ReportSettings,
): Promise<ReportOutcome> {
  const { mailDomain, limits, seal } = settings;
  if (isAutomaticOrOfList(headerOf(report.original))) return "not wanted";
  if (!limits.report(report.to)) return "too many today";
  const messageId = `${randomBytes(16).toString("hex")}@${mailDomain}`;
  const told = toldIn(report);
  const { to, recipient } = report;
  const about = told.about;
  const sealed = about && (await seal({ ...{ to, recipient, messageId, ...told }, about }));
  const mail: SignableMail = {
    from: { localPart: MAILER_DAEMON, domain: mailDomain },
    ...{ to, messageId },
    subject: sealed === null ? "Your mail was not delivered" : "...",
    certificate: sealed?.certificate ?? null,
    isAutomatic: true,
    ...(sealed === null ? plainParts(report, told, mailDomain) : await sealedParts(sealed.entity)),
  };
  // the null sender: nobody reports about a report
  const answer = await sendSigned(mail, null, settings);
  return answer.is === "taken" ? "sent" : "refused";
}

async function sealedParts(bytes: Uint8Array): Promise<Pick<SignableMail, "mimeFields" | "body">> {
  const entity = await readEntity(bytes);
  if (entity.is === "wrong") throw new TypeError(`the sealed report is wrong: ${entity.problem}`);
  return { mimeFields: encryptedFields(entity.boundary), body: entity.body };
}

/** What a report says, in either form. */
type Told = Omit<SealableReport, "to" | "recipient" | "messageId" | "about"> & {
  readonly about: SealableReport["about"] | null;
};

function toldIn({ is, sentence, original }: FailureReport): Told {
  return {
    about: messageIdOf(original),
    action: is,
    status: is === "failed" ? "5.0.0" : "4.0.0",
    sentence: foreignText(sentence.replace(/[^ -~]/g, " "), 400),
  };
}

function plainParts(
  { recipient, is }: FailureReport,
  { about, action, status, sentence }: Told,
  mailDomain: string,
): Pick<SignableMail, "mimeFields" | "body"> {
  const address = formatNativeAddress(addressOf(recipient, mailDomain));
  const boundary = `report-${randomBytes(12).toString("hex")}`;
  const outcome =
    is === "failed" ? "could not be delivered" : "is not delivered yet. It is tried again";
  const part = (type: string, ...lines: string[]) => [
    `--${boundary}`,
    `Content-Type: ${type}`,
    "",
    ...lines,
  ];
  const lines = [
    ...part(
      "text/plain; charset=us-ascii",
      `Your mail to ${address} ${outcome}.`,
      "",
      sentence,
      "",
    ),
    ...part(
      "message/delivery-status",
      `Reporting-MTA: dns; ${mailDomain}`,
      "",
      `Final-Recipient: rfc822; ${address}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: x-signpost; ${sentence}`,
      "",
    ),
    ...part("text/rfc822-headers", ...(about === null ? [] : [`Message-ID: ${about}`]), ""),
    `--${boundary}--`,
    "",
  ];
  return {
    mimeFields: [
      `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"`,
    ],
    body: Buffer.from(lines.join("\r\n"), "latin1"),
  };
}

/** By it, mail apps find the mail that is meant. */
function messageIdOf(original: Uint8Array): SealableReport["about"] | null {
  const [id = "", ...others] = valuesOf(headerOf(original), "message-id");
  return others.length === 0 && isMessageId(id) ? id : null;
}

function isMessageId(text: string): text is SealableReport["about"] {
  return MESSAGE_ID.test(text);
}

function headerOf(original: Uint8Array): readonly HeaderField[] {
  const [header = ""] = Buffer.from(original.subarray(0, LONGEST_READ))
    .toString("latin1")
    .split("\r\n\r\n", 1);
  return parseHeader(header.split("\r\n")) ?? [];
}
