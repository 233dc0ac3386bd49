/** What a mail says, as Delta Chat and other mail messengers write it: header fields, and the entity below them. */
import { ascii } from "../mime/bytes.js";
import { filePart, multipart, type Part, textPart } from "../mime/entity.js";
import type { HeaderField } from "../mime/headerField.js";
import { writeChatText } from "./chatText.js";
import type { MailContent, MessageId, Written } from "./mailContent.js";

/** In front of the text of an edit, for clients that do not know edits. */
export const EDIT_MARK = "✏️";
const DELETION = "🚮";

export type WrittenContent = Exclude<MailContent, { readonly type: "UNKNOWN" }>;

export interface ContentOfMail {
  readonly fields: readonly HeaderField[];
  readonly part: Part;
}

/**
 * @param from the sender's address, to which receipts go
 * @param seed see `multipart`
 */
export function writeContent(content: WrittenContent, from: string, seed: string): ContentOfMail {
  switch (content.type) {
    case "NEW":
      return { fields: askForReceipt(from), part: writtenPart(content, undefined, seed) };
    case "REPLY": {
      const { about, quote = "…" } = content;
      const fields = [...threadOf(about), ...askForReceipt(from)];
      return { fields, part: writtenPart(content, quote, seed) };
    }
    case "EDIT": {
      const { about, text } = content;
      const fields: HeaderField[] = [...threadOf(about), ["Chat-Edit", about]];
      return { fields, part: textPart(writeChatText(EDIT_MARK + text)) };
    }
    case "REACTION": {
      const part = textPart(content.text, [["Content-Disposition", "reaction"]]);
      return { fields: threadOf(content.about), part };
    }
    case "DELETE_REQUEST": {
      const fields: HeaderField[] = [["Chat-Delete", content.about.join(" ")]];
      return { fields, part: textPart(DELETION) };
    }
    case "READ_OPENED":
      return {
        fields: [...threadOf(content.about), ["Auto-Submitted", "auto-replied"]],
        part: receiptPart(content.about, from, seed),
      };
    case "INVITATION":
      return { fields: invitationFields(content), part: textPart(`Secure-Join: ${content.step}`) };
    case "REPORT":
      return {
        fields: [["Auto-Submitted", "auto-replied"]],
        part: reportPart(content, from, seed),
      };
  }
}

function invitationFields({
  step,
  fields: { authentication },
}: Extract<MailContent, { readonly type: "INVITATION" }>): readonly HeaderField[] {
  return [
    ["Secure-Join", step],
    ...(authentication === undefined ? [] : ([["Secure-Join-Auth", authentication]] as const)),
  ];
}

function threadOf(about: MessageId): readonly HeaderField[] {
  return [
    ["In-Reply-To", about],
    ["References", about],
  ];
}

function askForReceipt(from: string): readonly HeaderField[] {
  return [["Chat-Disposition-Notification-To", from]];
}

function writtenPart({ text, files }: Written, quote: string | undefined, seed: string): Part {
  const body = textPart(writeChatText(text, quote));
  return files.length === 0 ? body : multipart("mixed", [body, ...files.map(filePart)], seed);
}

/** RFC 8098, section 3. */
function receiptPart(about: MessageId, from: string, seed: string): Part {
  const notification = [
    `Final-Recipient: rfc822; ${from}`,
    `Original-Message-ID: ${about}`,
    "Disposition: manual-action/MDN-sent-automatically; displayed",
    "",
  ].join("\r\n");
  return multipart(
    "report; report-type=disposition-notification",
    [
      textPart("The message was shown to its receiver.\r\n"),
      {
        headers: [["Content-Type", "message/disposition-notification"]],
        body: ascii(notification),
      },
    ],
    seed,
  );
}

/** RFC 3464, section 2. */
function reportPart(
  content: Extract<WrittenContent, { readonly type: "REPORT" }>,
  from: string,
  seed: string,
): Part {
  const { about, action, status, sentence, recipient } = content;
  const host = from.slice(from.lastIndexOf("@") + 1);
  const said = sentence.replace(/[^\x20-\x7e]+/g, " ");
  const statusText = [
    `Reporting-MTA: dns; ${host}`,
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${said}`,
    "",
  ].join("\r\n");
  return multipart(
    "report; report-type=delivery-status",
    [
      textPart(`${sentence}\r\n`),
      { headers: [["Content-Type", "message/delivery-status"]], body: ascii(statusText) },
      {
        headers: [["Content-Type", "text/rfc822-headers"]],
        body: ascii(`Message-ID: ${about}\r\n`),
      },
    ],
    seed,
  );
}
