/** A message as it enters an outbox. */
import { type NewMessage, unsignedMessage } from "../dm3/message/messageContent.js";
import type { OutgoingMessage } from "./outgoingMessage.js";

export interface NewOutgoing {
  /** The same id again is the same message: whoever does not know whether a call was heard repeats it. */
  readonly id: string;
  readonly given: NewMessage;
  /** For a reply to a message of another network: `replyDeliveryInstruction` of that. */
  readonly deliveryInstruction?: string | undefined;
}

/**
 * @param deadlineMs from now on
 * @throws INVALID_NAME, INVALID_REQUEST for what is no message
 */
export function newOutgoing(
  { id, given, deliveryInstruction }: NewOutgoing,
  nowMs: number,
  deadlineMs: number,
): OutgoingMessage {
  const { from, to } = unsignedMessage(given).metadata;
  return {
    ...{ id, from, to, given },
    ...{ createdMs: nowMs, deadlineMs: nowMs + deadlineMs, dueMs: nowMs },
    deliveryInstruction: deliveryInstruction ?? null,
    ...{ sealed: null, messageHash: null, signedAgain: false, nodes: {}, failedLookups: 0 },
    ...{ state: null, acceptedBy: null, mark: null, why: null },
  };
}
