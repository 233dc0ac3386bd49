/** A message sealed for all of the receiver's relay nodes: one ciphertext, as DM3's proxy envelope has it. */
import { encodeBase64 } from "../dm3/base64.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import type { ProxyEnvelope } from "../dm3/message/proxyEnvelope.js";
import type { FoundProfile } from "../lookup/outcome.js";
import type { OutgoingMessage, SealedMessage, WhyNot } from "../sending/outgoingMessage.js";
import { fits, sealFor } from "../sending/sealedMessage.js";
import type { SendingParts } from "../sending/sendingParts.js";
import { withoutAnswer, withoutReceiver, withoutRelayNode } from "../sending/withoutReceiver.js";

/** The message as it is to be submitted; without a sealed one where that cannot be now. What was sealed stays the same bytes. */
export async function sealedMessage(
  sending: SendingParts,
  message: OutgoingMessage,
  keys: MessageKeys,
): Promise<OutgoingMessage> {
  const receiver = await sending.profileOf(message.to, "now");
  const { sealed } = message;
  if (sealed !== null && sealed.senderKey === encodeBase64(keys.signingKey.publicKey)) {
    // a receiver who cannot be looked up now has the keys of before
    if (receiver.status !== "found" || fits(sealed, keys, receiver)) return message;
  }
  const open = { ...message, sealed: null };
  if (receiver.status !== "found") return withoutReceiver(sending, open, receiver);
  if (receiver.relayNodes.length === 0) return withoutRelayNode(sending, open);
  const fresh = await sealFor(open, keys, receiver);
  if (fresh === null) return withoutAnswer(sending, open, whyNoNode(receiver));
  const { deadlineMs } = sending.patience;
  return {
    ...open,
    ...{ failedLookups: 0, mark: null, sealed: fresh, messageHash: fresh.messageHash },
    deadlineMs: message.mark === "held" ? sending.nowMs() + deadlineMs : message.deadlineMs,
  };
}

function whyNoNode({ relayNodes }: FoundProfile): WhyNot {
  const missing = relayNodes.find((node) => node.status !== "found");
  const reason = missing?.status === "unreachable" ? "unreachable" : "no-relay-node";
  return { reason, sentence: missing?.sentence ?? "The receiver's relay nodes are not known now." };
}

export function proxyEnvelope(
  { to }: OutgoingMessage,
  { encrypted, envelopes }: SealedMessage,
): ProxyEnvelope {
  return {
    ...{ to, encryptedMessage: encrypted },
    encryptionEnvelops: Object.entries(envelopes).map(([name, { envelope }]) => ({
      deliveryServiceEnsName: name,
      encryptionEnvelop: { metadata: envelope.metadata },
    })),
  };
}
