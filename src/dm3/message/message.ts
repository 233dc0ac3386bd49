/** A DM3 message as it is signed, hashed and encrypted: dm3's own shape and spelling. */
import type { Hex } from "../../abi/hex.js";

/** RESEND_REQUEST is in dm3's list; no client of dm3 makes one. */
export const MESSAGE_TYPES = [
  "NEW",
  "EDIT",
  "REPLY",
  "REACTION",
  "DELETE_REQUEST",
  "READ_RECEIVED",
  "READ_OPENED",
  "RESEND_REQUEST",
] as const;

export type MessageType = (typeof MESSAGE_TYPES)[number];

export interface Attachment {
  readonly name?: string;
  /** A URI, often a data URI with the content itself. */
  readonly data: string;
}

interface MessageMetadata {
  /** ENS names, in lower case. */
  readonly to: string;
  readonly from: string;
  /** Milliseconds since 1970, by the sender's clock. */
  readonly timestamp: number;
  readonly type: MessageType;
  /** `messageHash` of the message that this one is about. */
  readonly referenceMessageHash?: string;
  /** Of messages from connected networks: what a reply repeats as the delivery information's `deliveryInstruction`. */
  readonly replyDeliveryInstruction?: string;
}

export interface UnsignedMessage {
  /** Absent in a DELETE_REQUEST. Absent and empty are different messages: each has its own signature. */
  readonly message?: string;
  readonly attachments?: readonly Attachment[];
  readonly metadata: MessageMetadata;
}

export interface Message extends UnsignedMessage {
  /** Ed25519 of the sender's signing key over the canonical JSON of the rest, base64. */
  readonly signature: string;
}

/** SHA-256 of the canonical JSON of the signed message: by this hash others refer to it. */
export type MessageHash = Hex;
