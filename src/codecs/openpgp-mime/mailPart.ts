/**
 * Whether a mail is all of a message. Delta Chat sends a message with a large file as two mails: the text first, then the file, which may be
 * refused on the way. Both are one message, whose id is that of the second.
 */
import type { MessageId } from "./content/mailContent.js";
import { messageIdsIn } from "./messageId.js";
import { onlyField, type ReadField } from "./mime/headerBlock.js";

export type MailPart =
  | { readonly is: "whole" }
  /** Another mail with its file should come. Show that it is missing until then. */
  | {
      readonly is: "beginning";
      readonly fileName: string | null;
      readonly fileBytes: number | null;
    }
  /** The file of a message whose beginning came before. */
  | { readonly is: "rest" };

const LONGEST_METADATA = 10_000;
const LONGEST_NAME = 255;

/** @param fields inside; a message id where the mail is the beginning of that message */
export function partOfMessage(fields: readonly ReadField[]): {
  readonly part: MailPart;
  readonly messageId: MessageId | null;
} {
  const [rest] = messageIdsIn(onlyField(fields, "chat-post-message-id") ?? "");
  if (rest !== undefined) {
    const file = fileIn(onlyField(fields, "chat-post-message-metadata") ?? "");
    return { part: { is: "beginning", ...file }, messageId: rest };
  }
  const isRest = onlyField(fields, "chat-is-post-message") === "1";
  return { part: { is: isRest ? "rest" : "whole" }, messageId: null };
}

function fileIn(metadata: string) {
  const nothing = { fileName: null, fileBytes: null };
  if (metadata.length > LONGEST_METADATA) return nothing;
  try {
    const { filename, size } = Object(JSON.parse(metadata)) as Record<string, unknown>;
    return {
      fileName: typeof filename === "string" ? filename.slice(0, LONGEST_NAME) : null,
      fileBytes: typeof size === "number" && Number.isSafeInteger(size) ? size : null,
    };
  } catch {
    return nothing;
  }
}
