/** What a mail says, from the bytes whose signature was verified. */
import type { Attachment, default as PostalMime, Email } from "postal-mime";
import { SignpostError } from "../../../errors.js";
import { loadPostalMime } from "../libraries.js";
import { messageIdsIn } from "../messageId.js";
import { latin1 } from "../mime/bytes.js";
import type { FileContent } from "../mime/entity.js";
import { malformed, onlyField, type ReadField } from "../mime/headerBlock.js";
import { readMediaType } from "../mime/mediaType.js";
import { readChatText } from "./chatText.js";
import { unflowed } from "./flowedText.js";
import type { InvitationFields, MailContent, MessageId } from "./mailContent.js";
import { readReport } from "./readReport.js";
import { EDIT_MARK } from "./writeContent.js";

const DEEPEST = 20;
const LARGEST_HEADERS = 1_000_000;
/** Each may begin a part. */
const MOST_DASHED_LINES = 20_000;
const MOST_FILES = 1000;
/** Parts of reports, which are no files. */
const REPORT_PARTS =
  /^(?:message\/(?:disposition-notification|delivery-status)|text\/rfc822-headers)$/;

/**
 * @param fields of the header that the content has
 * @param about the mail that it answers to
 * @throws MAIL_MALFORMED, TOO_LARGE
 */
export async function readContent(
  content: Uint8Array,
  fields: readonly ReadField[],
  about: MessageId | null,
): Promise<MailContent> {
  const email = await parsed(content);
  const isChat = onlyField(fields, "chat-version") !== null;
  const text = (email.text ?? "").replace(/\r?\n$/, "").replaceAll("\r\n", "\n");
  const type = readMediaType(onlyField(fields, "content-type") ?? "text/plain");
  if (type?.type === "multipart/report") return readReport(email);
  if (!isChat) return plainContent(text, filesOf(email), about);
  return chatContent(fields, text, filesOf(email), about);
}

function chatContent(
  fields: readonly ReadField[],
  text: string,
  files: readonly FileContent[],
  about: MessageId | null,
): MailContent {
  const step = onlyField(fields, "secure-join");
  if (step !== null) return { type: "INVITATION", step, fields: invitationFields(fields) };
  const deletion = onlyField(fields, "chat-delete");
  if (deletion !== null) return { type: "DELETE_REQUEST", about: messageIdsIn(deletion) };
  const said = readChatText(text);
  const [edited] = messageIdsIn(onlyField(fields, "chat-edit") ?? "");
  if (edited !== undefined) {
    const mark = said.text.startsWith(EDIT_MARK) ? EDIT_MARK.length : 0;
    return { type: "EDIT", about: edited, text: said.text.slice(mark) };
  }
  const disposition = onlyField(fields, "content-disposition")?.toLowerCase().split(";")[0];
  if (disposition === "reaction" && about !== null) {
    return { type: "REACTION", about, text: text.trim() };
  }
  const typeName = onlyField(fields, "chat-content");
  if (typeName !== null) return { type: "UNKNOWN", typeName, text: said.text };
  // without a quote, an answer to the message before is only the next one
  if (said.quote === null) return { type: "NEW", text: said.text, files };
  if (about === null) return { type: "NEW", text, files };
  return { type: "REPLY", about, quote: said.quote, text: said.text, files };
}

/** Of a mail program: an answer says so, and quotes as its user likes. */
function plainContent(
  text: string,
  files: readonly FileContent[],
  about: MessageId | null,
): MailContent {
  return about === null ? { type: "NEW", text, files } : { type: "REPLY", about, text, files };
}

async function parsed(content: Uint8Array): Promise<Email> {
  const { default: Parser } = await loadPostalMime();
  assertFewParts(content);
  try {
    const parser = new Parser({
      maxNestingDepth: DEEPEST,
      maxHeadersSize: LARGEST_HEADERS,
      forceRfc822Attachments: true,
    });
    unflowByUs(parser);
    return await parser.parse(content);
  } catch (cause) {
    throw malformed("content", "cannot be read as MIME", cause);
  }
}

/**
 * postal-mime joins lines of format=flowed without a look at who says them. So each of its parts gets our own way to do that. Both
 * methods are internal to it: a version without them joins in its own way.
 */
function unflowByUs(parser: PostalMime): void {
  const internals = parser as PostalMime & {
    collectNode?: (part: object, ...rest: readonly unknown[]) => unknown;
  };
  const { collectNode } = internals;
  if (collectNode === undefined) return;
  internals.collectNode = (part, ...rest) =>
    collectNode.call(parser, Object.assign(part, { decodeFlowedText: unflowed }), ...rest);
}

/** Before they are read: a part takes a hundred times the place of the line that begins it. */
function assertFewParts(content: Uint8Array): void {
  const text = latin1(content);
  let count = 0;
  for (let at = text.indexOf("\n--"); at !== -1; at = text.indexOf("\n--", at + 1)) {
    if (++count <= MOST_DASHED_LINES) continue;
    throw new SignpostError("TOO_LARGE", `The mail may have over ${MOST_DASHED_LINES} parts.`);
  }
}

function filesOf({ attachments, html, text }: Email): readonly FileContent[] {
  const files = attachments.filter(({ mimeType }) => !REPORT_PARTS.test(mimeType)).map(fileOf);
  if (files.length > MOST_FILES) {
    throw new SignpostError("TOO_LARGE", `The mail has over ${MOST_FILES} files.`);
  }
  // text that is only there as HTML is for a browser to show, and not for us to change
  if (html === undefined || (text !== undefined && text.trim() !== "")) return files;
  const bytes = new TextEncoder().encode(html);
  return [{ name: "message.html", mediaType: "text/html", bytes }, ...files];
}

function fileOf({ filename, mimeType, content }: Attachment): FileContent {
  const bytes =
    typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  const name = (filename ?? "").replace(/[\p{Cc}/\\]/gu, "_").slice(0, 255);
  return { name: name === "" ? "file" : name, mediaType: mimeType, bytes };
}

function invitationFields(fields: readonly ReadField[]): InvitationFields {
  const authentication = onlyField(fields, "secure-join-auth");
  const fingerprint = onlyField(fields, "secure-join-fingerprint");
  return {
    ...(authentication !== null && { authentication }),
    ...(fingerprint !== null && { fingerprint }),
  };
}
