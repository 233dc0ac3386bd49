/** Messages as they come out of the encryption, from anybody: their form, and what they say. */
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { dm3Hash, stringify } from "../stringify.js";
import { type Attachment, MESSAGE_TYPES, type MessageHash, type MessageType } from "./message.js";
import { type Addressed, HASH_FORM, type MessageContent } from "./messageContent.js";
import { ReceivedObject } from "./receivedObject.js";
import { SIGNATURE_CHARS } from "./textSignature.js";

/** DM3's specification knows no larger messages (20 MB). */
export const LONGEST_MESSAGE = 20_000_000;
const LONGEST_TYPE = 64;
const LONGEST_INSTRUCTION = 8192;
const MOST_ATTACHMENTS = 1000;

/** A type that this version does not know, such as one of an extension: show that there is something, or nothing. */
export interface UnknownContent {
  readonly type: "UNKNOWN";
  /** As the sender wrote it. */
  readonly typeName: string;
  readonly text?: string;
}

export interface ReceivedMessage extends Addressed {
  readonly content: MessageContent | UnknownContent;
  readonly signature: string;
  /** What the signature has to be over: canonical JSON of all that was received, without the signature. */
  readonly signedText: string;
  readonly messageHash: MessageHash;
}

/**
 * Reads the fields that DM3 knows. Others are not passed on, but the signature and the hash cover them as well.
 * @param text what was encrypted
 * @throws MESSAGE_MALFORMED naming the first field that breaks a rule
 */
export function parseMessage(text: string): ReceivedMessage {
  const message = ReceivedObject.read("MESSAGE_MALFORMED", text, LONGEST_MESSAGE);
  const metadata = message.object("metadata");
  const timestampMs = metadata.value("timestamp");
  if (typeof timestampMs !== "number" || !Number.isFinite(timestampMs) || timestampMs < 0) {
    throw metadata.refusal("timestamp", "must be milliseconds since 1970");
  }
  return {
    from: metadata.text("from", LONGEST_NAME),
    to: metadata.text("to", LONGEST_NAME),
    timestampMs,
    content: contentOf(message, metadata),
    signature: message.text("signature", SIGNATURE_CHARS),
    ...canonicalForms(message),
  };
}

function canonicalForms(
  message: ReceivedObject,
): Pick<ReceivedMessage, "signedText" | "messageHash"> {
  try {
    return {
      signedText: stringify({ ...message.members, signature: undefined }),
      messageHash: dm3Hash(message.members),
    };
  } catch {
    throw message.refusal("metadata", "is nested too deeply");
  }
}

function contentOf(message: ReceivedObject, metadata: ReceivedObject): ReceivedMessage["content"] {
  const typeName = metadata.text("type", LONGEST_TYPE);
  const type = knownType(typeName);
  const text = message.optionalText("message", LONGEST_MESSAGE);
  if (type === null) return { type: "UNKNOWN", typeName, ...(text !== undefined && { text }) };
  switch (type) {
    case "NEW":
      return { type, ...writtenIn(message, metadata) };
    case "EDIT":
    case "REPLY":
      return { type, ...writtenIn(message, metadata), reference: referenceIn(metadata) };
    case "REACTION":
      return {
        ...{ type, text: message.text("message", LONGEST_MESSAGE) },
        reference: referenceIn(metadata),
      };
    case "DELETE_REQUEST":
    case "READ_RECEIVED":
    case "READ_OPENED":
    case "RESEND_REQUEST":
      return { type, reference: referenceIn(metadata) };
  }
}

function knownType(typeName: string): MessageType | null {
  // DM3's specification has one receipt alone
  if (typeName === "READ_RECEIPT") return "READ_OPENED";
  return MESSAGE_TYPES.find((type) => type === typeName) ?? null;
}

function referenceIn(metadata: ReceivedObject): string {
  return metadata.textLike("referenceMessageHash", HASH_FORM, 66, "must be 0x and 64 digits");
}

function writtenIn(message: ReceivedObject, metadata: ReceivedObject) {
  const attachments = attachmentsIn(message);
  const instruction = metadata.optionalText("replyDeliveryInstruction", LONGEST_INSTRUCTION);
  return {
    text: message.optionalText("message", LONGEST_MESSAGE) ?? "",
    ...(attachments !== undefined && { attachments }),
    ...(instruction !== undefined && { replyDeliveryInstruction: instruction }),
  };
}

/** Objects, as dm3's clients write them, or bare URIs, as its specification says. */
function attachmentsIn(message: ReceivedObject): readonly Attachment[] | undefined {
  const value = message.value("attachments");
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > MOST_ATTACHMENTS) {
    throw message.refusal("attachments", `must be a list of at most ${MOST_ATTACHMENTS}`);
  }
  return value.map((item: unknown) => {
    if (typeof item === "string") return { data: item };
    const attachment = ReceivedObject.of("MESSAGE_MALFORMED", item);
    const name = attachment.optionalText("name", LONGEST_MESSAGE);
    const data = attachment.text("data", LONGEST_MESSAGE);
    return name === undefined ? { data } : { name, data };
  });
}
