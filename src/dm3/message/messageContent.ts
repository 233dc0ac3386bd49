/** What an app says with a message, by its type, and the shape that dm3's clients give to it. */
import { normalizeName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import type { Attachment, UnsignedMessage } from "./message.js";

interface Written {
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  /** Set by gateways to other networks: see `MessageMetadata`. */
  readonly replyDeliveryInstruction?: string;
}

interface About {
  /** `messageHash` of the message that it is about. */
  readonly reference: string;
}

export type MessageContent =
  | ({ readonly type: "NEW" } & Written)
  | ({ readonly type: "EDIT" | "REPLY" } & Written & About)
  /** The text is the emoji. */
  | ({ readonly type: "REACTION"; readonly text: string } & About)
  | ({ readonly type: "DELETE_REQUEST" | "READ_RECEIVED" | "READ_OPENED" } & About)
  | ({ readonly type: "RESEND_REQUEST" } & About);

export interface Addressed {
  /** ENS names; they are written in normal form. */
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

export type NewMessage = Addressed & MessageContent;

export const HASH_FORM = /^0x[0-9a-fA-F]{64}$/;

/** @throws INVALID_NAME, or INVALID_REQUEST for a time, a text, attachments or a reference that is none */
export function unsignedMessage(given: NewMessage): UnsignedMessage {
  const { type, timestampMs } = given;
  if (!Number.isSafeInteger(timestampMs) || timestampMs < 0) {
    throw invalid("timestampMs", "must be whole milliseconds since 1970");
  }
  const metadata = {
    ...{ type, timestamp: timestampMs },
    ...{ from: normalizeName(given.from), to: normalizeName(given.to) },
    ...(given.type !== "NEW" && { referenceMessageHash: referenceOf(given) }),
  };
  switch (type) {
    case "NEW":
    case "EDIT":
    case "REPLY": {
      const { attachments, replyDeliveryInstruction } = given;
      assertAttachments(attachments);
      return {
        message: textOf(given),
        ...(attachments !== undefined && { attachments }),
        metadata: {
          ...metadata,
          ...(replyDeliveryInstruction !== undefined && { replyDeliveryInstruction }),
        },
      };
    }
    case "REACTION":
      return { message: textOf(given), attachments: [], metadata };
    case "READ_RECEIVED":
    case "READ_OPENED":
      return { message: type, attachments: [], metadata };
    case "DELETE_REQUEST":
    case "RESEND_REQUEST":
      return { metadata };
    default:
      throw invalid("type", "is no type of message");
  }
}

/** Apps in JavaScript forget it. */
function textOf({ text }: { readonly text: string }): string {
  if (typeof text !== "string") throw invalid("text", "must be a text, which may be empty");
  return text;
}

function assertAttachments(attachments: readonly Attachment[] = []): void {
  const isWhole = (one: Attachment | null) => typeof one?.data === "string";
  if (Array.isArray(attachments) && attachments.every(isWhole)) return;
  throw invalid("attachments", "must be a list of { name?, data } with data URIs or links");
}

function referenceOf({ reference }: About): string {
  if (!HASH_FORM.test(reference)) {
    throw invalid("reference", "must be the messageHash of a message: 0x and 64 digits");
  }
  return reference;
}

function invalid(field: string, problem: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", `The message's ${field} ${problem}.`, { field });
}
