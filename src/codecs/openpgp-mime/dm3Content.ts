/** What mails say as DM3's types of messages, and the other way round. docs/codecs.md has it as a table. */
import { encodeBase64 } from "../../dm3/base64.js";
import { contentOfDataUri, isDataUri } from "../../dm3/message/attachmentContent.js";
import type { Attachment } from "../../dm3/message/message.js";
import type { MessageContent } from "../../dm3/message/messageContent.js";
import { SignpostError } from "../../errors.js";
import type { MailContent, MessageId } from "./content/mailContent.js";
import type { WrittenContent } from "./content/writeContent.js";
import type { KnownMail, MailIds } from "./mailIds.js";
import type { FileContent } from "./mime/entity.js";

/**
 * Null for what mail knows nothing of: READ_RECEIVED, which Delta Chat would show as read, and RESEND_REQUEST.
 * @throws UNKNOWN_REFERENCE where it is about a message that was no mail; INVALID_REQUEST for an attachment that is no data URI
 */
export async function mailContentOf(
  content: MessageContent,
  ids: Pick<MailIds, "mailOf">,
): Promise<WrittenContent | null> {
  const { type } = content;
  switch (type) {
    case "NEW":
      return { type, text: content.text, files: filesOf(content.attachments) };
    case "REPLY": {
      const { messageId, text: quote } = await mailAbout(content.reference, ids);
      const written = { text: content.text, files: filesOf(content.attachments) };
      return { type, about: messageId, ...written, ...(quote !== null && { quote }) };
    }
    case "EDIT":
    case "REACTION": {
      const { messageId } = await mailAbout(content.reference, ids);
      return { type, about: messageId, text: content.text };
    }
    case "DELETE_REQUEST":
      return { type, about: [(await mailAbout(content.reference, ids)).messageId] };
    case "READ_OPENED":
      return { type, about: (await mailAbout(content.reference, ids)).messageId };
    case "READ_RECEIVED":
    case "RESEND_REQUEST":
      return null;
  }
}

async function mailAbout(reference: string, ids: Pick<MailIds, "mailOf">): Promise<KnownMail> {
  const mail = await ids.mailOf(reference);
  if (mail !== null) return mail;
  throw new SignpostError(
    "UNKNOWN_REFERENCE",
    `The message ${reference} was no mail, or this device does not know it. Send the text as a new message.`,
    { reference },
  );
}

function filesOf(attachments: readonly Attachment[] = []): readonly FileContent[] {
  return attachments.map(({ name, data }) => {
    if (!isDataUri(data)) {
      throw new SignpostError(
        "INVALID_REQUEST",
        "A mail takes attachments with their content. Fetch what a link leads to first, and give it as a data URI.",
        { field: "attachments" },
      );
    }
    const { mediaType, bytes } = contentOfDataUri(data);
    return { name: name ?? "file", mediaType, bytes };
  });
}

/**
 * Empty for what DM3 has no message for, such as a report, and for what is about a mail that is not known here; a reply to
 * one becomes a new message with its quote. One mail may delete several messages.
 */
export async function messageContentsOf(
  content: MailContent,
  ids: Pick<MailIds, "hashOf">,
): Promise<readonly MessageContent[]> {
  switch (content.type) {
    case "NEW":
      return [{ type: "NEW", ...written(content.text, content.files) }];
    case "REPLY": {
      const { text, quote, files } = content;
      const reference = await ids.hashOf(content.about);
      if (reference !== null) return [{ type: "REPLY", reference, ...written(text, files) }];
      const quoted = quote === undefined ? text : `${quote.replace(/^/gm, "> ")}\n\n${text}`;
      return [{ type: "NEW", ...written(quoted, files) }];
    }
    case "EDIT":
    case "REACTION": {
      const { type, text } = content;
      return (await hashesOf([content.about], ids)).map((reference) => ({ type, text, reference }));
    }
    case "READ_OPENED":
      return (await hashesOf([content.about], ids)).map((reference) => ({
        ...{ type: "READ_OPENED", reference },
      }));
    case "DELETE_REQUEST":
      return (await hashesOf(content.about, ids)).map((reference) => ({
        ...{ type: "DELETE_REQUEST", reference },
      }));
    case "REPORT":
    case "INVITATION":
    case "UNKNOWN":
      return [];
  }
}

async function hashesOf(
  about: readonly MessageId[],
  ids: Pick<MailIds, "hashOf">,
): Promise<readonly string[]> {
  const hashes = await Promise.all(about.map((id) => ids.hashOf(id)));
  return hashes.filter((hash) => hash !== null);
}

function written(text: string, files: readonly FileContent[]) {
  if (files.length === 0) return { text };
  const attachments = files.map(({ name, mediaType, bytes }) => ({
    ...{ name, data: `data:${mediaType};base64,${encodeBase64(bytes)}` },
  }));
  return { text, attachments };
}
