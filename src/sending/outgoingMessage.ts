/** One message to one receiver on its way out: what an outbox keeps of it. Plain JSON. */
import type { Envelope, HashField } from "../dm3/message/envelope.js";
import type { MessageHash } from "../dm3/message/message.js";
import type { NewMessage } from "../dm3/message/messageContent.js";
import { type MessageState, raisedState } from "../dm3/message/messageState.js";

/** Why a message is not with its receiver (yet); a closed list. */
export type Reason =
  /** The receiver's name has no DM3 profile. */
  | "no-profile"
  /** It has one that failed a check. */
  | "untrusted-profile"
  /** Its profile names no relay node that exists. */
  | "no-relay-node"
  /** ENS or the relay node gave no answer that can be understood. */
  | "unreachable"
  /** The receiver's mailbox is full, or the sender has sent as much as the relay node takes now. */
  | "limit"
  | "too-large"
  /** The receiver does not want messages from this sender. */
  | "unwanted"
  /** The receiver has no account at the relay node, or none yet. */
  | "no-account"
  /** The relay node finds no profile under the sender's name. */
  | "unknown-sender"
  /** The sender's profile shows another key than the one that signs. */
  | "wrong-key"
  /** The relay node says that it is no envelope for it. */
  | "malformed"
  /** The relay node says no, and not why. */
  | "unnamed";

export interface WhyNot {
  readonly reason: Reason;
  /** For people. */
  readonly sentence: string;
}

/** What a relay node made of it so far. */
export type NodeState =
  /** It said no for good. */
  | ({ readonly status: "refused" } & WhyNot)
  /** It gave no answer (`unreachable`), or said no for now (`later`). */
  | ({
      readonly status: "unreachable" | "later";
      /** In a row, of this kind. */
      readonly times: number;
      /** Of the first of these, Unix time in milliseconds. */
      readonly sinceMs: number;
      /** When it is tried again. */
      readonly nextMs: number;
    } & WhyNot);

/** An envelope as one relay node gets it, each time the same bytes. */
export interface NodeEnvelope {
  /** `publicEncryptionKey` of the relay node. */
  readonly nodeKey: string;
  readonly hashField: HashField;
  readonly envelope: Envelope;
}

/** The message, signed and encrypted: one ciphertext, and metadata for each relay node. */
export interface SealedMessage {
  readonly messageHash: MessageHash;
  /** Encrypted for the receiver. */
  readonly encrypted: string;
  /** `publicEncryptionKey` of the receiver. */
  readonly receiverKey: string;
  /** `publicSigningKey` of the sender. */
  readonly senderKey: string;
  /** By the relay node's ENS name. */
  readonly envelopes: Readonly<Record<string, NodeEnvelope>>;
}

export interface OutgoingMessage {
  /** The caller's own, or random: the same id again is the same message. */
  readonly id: string;
  /** ENS names in normal form. */
  readonly from: string;
  readonly to: string;
  /** Unix times in milliseconds. */
  readonly createdMs: number;
  readonly deadlineMs: number;
  /** What is said. Null when it is over. */
  readonly given: NewMessage | null;
  /** For a reply to a message of another network: `replyDeliveryInstruction` of that. */
  readonly deliveryInstruction: string | null;
  /** Null before the receiver's keys are known, and when it is over. */
  readonly sealed: SealedMessage | null;
  /** Of the message as it was signed last; stays when it is over. */
  readonly messageHash: MessageHash | null;
  /** Whether it was signed once more because a relay node asked for it. */
  readonly signedAgain: boolean;
  /** By the relay node's ENS name. */
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** Lookups of the receiver in a row that found nothing out. */
  readonly failedLookups: number;
  /** Null: nobody but the sender has it. */
  readonly state: MessageState | null;
  /** The relay node that accepted it. */
  readonly acceptedBy: string | null;
  /** "held": it waits at the sender's until the receiver has a profile. */
  readonly mark: "held" | null;
  /** Why it is not accepted (yet); the final reason once it is refused or expired. */
  readonly why: WhyNot | null;
  /** When there is something to do, Unix time in milliseconds; null when it is over. */
  readonly dueMs: number | null;
}

/** The message in that state, if that is higher than its own; it is over then. */
export function raised(
  message: OutgoingMessage,
  state: MessageState,
  why: WhyNot | null = null,
): OutgoingMessage {
  if (raisedState(message.state, state) === message.state) return message;
  return {
    ...message,
    ...{ state, why, mark: null, dueMs: null },
    // nothing is sent any more, and plaintext is kept no longer than it is needed
    ...{ given: null, sealed: null },
  };
}
