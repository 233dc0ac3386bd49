/** What is encrypted: the whole mail, with identity, threading and the sender's certificate in its header. */
import { SignpostError } from "../../errors.js";
import { formatNativeAddress, parseNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { MessageId } from "./content/mailContent.js";
import { writeContent, type WrittenContent } from "./content/writeContent.js";
import { autocryptField } from "./keys/autocrypt.js";
import { isMessageId } from "./messageId.js";
import { entityBytes, type Part, withFields } from "./mime/entity.js";
import { type HeaderField, headerText, mailbox } from "./mime/headerField.js";

const MOST_RECEIVERS = 100;
const LONGEST_SUBJECT = 200;

export interface NewMail {
  /** The sender's address in mail: `carol.eth@mail.example`. */
  readonly from: string;
  /** What the sender is called; nothing where it is absent. */
  readonly fromName?: string;
  readonly to: readonly string[];
  /** Milliseconds since 1970. */
  readonly dateMs: number;
  /** See `newMessageId`. Under this one answers refer to it, whatever its header outside says. */
  readonly messageId: MessageId;
  /** Mail programs show it; mail messengers do not. */
  readonly subject?: string;
  readonly content: WrittenContent;
}

/**
 * @param certificate the sender's, binary
 * @throws INVALID_REQUEST for an address, an id or a date that is none
 */
export function innerEntity(mail: NewMail, certificate: Uint8Array): Uint8Array {
  const from = addressOf(mail.from);
  const fields = [...identityOf(mail, from), autocryptField({ address: from, certificate })];
  const content = writeContent(mail.content, from, `${mail.messageId} inside`);
  return entityBytes(withFields([...fields, ...content.fields], protectedPart(content.part)));
}

/** Fixed before the encryption: nobody on the way can change it. */
function identityOf(mail: NewMail, from: string): readonly HeaderField[] {
  const { fromName, to, dateMs, messageId, subject = "Message" } = mail;
  if (!Number.isSafeInteger(dateMs) || dateMs < 0) throw invalid("dateMs", "is no time");
  if (!isMessageId(messageId)) throw invalid("messageId", "is no Message-ID: make one");
  if (to.length === 0 || to.length > MOST_RECEIVERS) {
    throw invalid("to", `must be 1 to ${MOST_RECEIVERS} addresses`);
  }
  return [
    ["From", mailbox(from, fromName)],
    ["To", to.map((address) => mailbox(addressOf(address), undefined)).join(", ")],
    ["Subject", headerText(subject.slice(0, LONGEST_SUBJECT))],
    ["Date", new Date(dateMs).toUTCString().replace("GMT", "+0000")],
    ["Message-ID", messageId],
    ["MIME-Version", "1.0"],
    ["Chat-Version", "1.0"],
  ];
}

/** Marks the header fields inside as those that count (draft-autocrypt-lamps-protected-headers, section 2). */
function protectedPart({ headers, body }: Part): Part {
  const marked = headers.map(([name, value]): HeaderField =>
    name === "Content-Type" ? [name, `${value}; protected-headers="v1"`] : [name, value],
  );
  return { headers: marked, body };
}

function addressOf(text: string): string {
  return formatNativeAddress(parseNativeAddress(text, "mail"));
}

function invalid(field: string, problem: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", `The mail's ${field} ${problem}.`, { field });
}
