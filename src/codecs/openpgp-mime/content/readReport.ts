/** Reports inside of encrypted mails: that a message was shown (RFC 8098), or could not be delivered (RFC 3464). */
import type { Email } from "postal-mime";
import { messageIdsIn } from "../messageId.js";
import { type MailContent, REPORT_ACTIONS } from "./mailContent.js";

const LONGEST_REPORT = 100_000;
const LONGEST_SENTENCE = 1000;

export function readReport(email: Email): MailContent {
  const text = (email.text ?? "").trim();
  const receipt = partOf(email, "message/disposition-notification");
  if (receipt !== null) {
    const [about] = messageIdsIn(fieldIn(receipt, "Original-Message-ID") ?? "");
    const isShown = /;\s*displayed/i.test(fieldIn(receipt, "Disposition") ?? "");
    if (about !== undefined && isShown) return { type: "READ_OPENED", about };
    return { type: "UNKNOWN", typeName: "disposition-notification", text };
  }
  const status = partOf(email, "message/delivery-status") ?? "";
  const headers = partOf(email, "text/rfc822-headers") ?? partOf(email, "message/rfc822") ?? "";
  const [about] = messageIdsIn(fieldIn(headers, "Message-ID") ?? "");
  const action = REPORT_ACTIONS.find(
    (one) => one === fieldIn(status, "Action")?.toLowerCase().split(/\s/)[0],
  );
  if (about === undefined || action === undefined) {
    return { type: "UNKNOWN", typeName: "report", text };
  }
  const [, recipient = ""] =
    /^\s*rfc822\s*;\s*(\S+)/i.exec(fieldIn(status, "Final-Recipient") ?? "") ?? [];
  const said = fieldIn(status, "Diagnostic-Code")?.replace(/^\s*\w+\s*;\s*/, "") ?? text;
  return {
    ...{ type: "REPORT", about, action, recipient },
    status: /\d\.\d{1,3}\.\d{1,3}/.exec(fieldIn(status, "Status") ?? "")?.[0] ?? "",
    sentence: said.slice(0, LONGEST_SENTENCE),
  };
}

function partOf({ attachments }: Email, type: string): string | null {
  const found = attachments.find(({ mimeType }) => mimeType === type);
  if (found === undefined || typeof found.content === "string") return null;
  return new TextDecoder().decode(new Uint8Array(found.content).subarray(0, LONGEST_REPORT));
}

/** Unfolded; the first one of its name. */
function fieldIn(text: string, name: string): string | null {
  const unfolded = text.replace(/\r?\n[ \t]+/g, " ");
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "im").exec(unfolded)?.[1] ?? null;
}
