/** A message that somebody else signed and encrypted, as it enters an outbox: whoever carries it cannot change it. */
import type { Envelope } from "../dm3/message/envelope.js";
import type { NodeEnvelope, OutgoingMessage } from "./outgoingMessage.js";

export interface Carried {
  /** One for each relay node, all with the same ciphertext; one at least. */
  readonly envelopes: readonly { readonly relayNode: string; readonly envelope: Envelope }[];
}

export interface NewCarried {
  readonly id: string;
  /** ENS names in normal form. */
  readonly from: string;
  readonly to: string;
  readonly carried: Carried;
}

/** @param deadlineMs from now on */
export function carriedMessage(
  { id, from, to, carried }: NewCarried,
  nowMs: number,
  deadlineMs: number,
): OutgoingMessage {
  const envelopes = carried.envelopes.map(({ relayNode, envelope }): [string, NodeEnvelope] => [
    relayNode,
    { nodeKey: "", hashField: hashFieldOf(envelope), envelope },
  ]);
  const [first] = carried.envelopes;
  const messageHash = (first?.envelope.metadata.messageHash ??
    first?.envelope.metadata.encryptedMessageHash ??
    "0x") as `0x${string}`;
  return {
    ...{ id, from, to, messageHash },
    ...{ createdMs: nowMs, deadlineMs: nowMs + deadlineMs, dueMs: nowMs },
    sealed: {
      ...{ messageHash, encrypted: first?.envelope.message ?? "", receiverKey: "", senderKey: "" },
      envelopes: Object.fromEntries(envelopes),
    },
    // its signer is asked for another one, not the carrier
    ...{ given: null, deliveryInstruction: null, signedAgain: true, nodes: {}, failedLookups: 0 },
    ...{ state: null, acceptedBy: null, mark: null, why: null },
  };
}

function hashFieldOf({ metadata }: Envelope): NodeEnvelope["hashField"] {
  return metadata.messageHash === undefined ? "encryptedMessageHash" : "messageHash";
}
