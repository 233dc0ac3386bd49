/** From what is said to envelopes that stay the same bytes, however often they are sent. */
import { encodeBase64 } from "../dm3/base64.js";
import {
  type DeliveryInformation,
  sealDeliveryInformation,
} from "../dm3/message/deliveryInformation.js";
import { encodeMessage } from "../dm3/message/encodeMessage.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { signedMetadata, withHashField } from "../dm3/message/metadataSignature.js";
import type { FoundProfile, FoundRelayNode } from "../lookup/outcome.js";
import type { NodeEnvelope, OutgoingMessage, SealedMessage } from "./outgoingMessage.js";

/** Null where none of the receiver's relay nodes is known now, or nothing is left to say. */
export async function sealFor(
  { given, deliveryInstruction }: OutgoingMessage,
  keys: MessageKeys,
  receiver: FoundProfile,
): Promise<SealedMessage | null> {
  if (given === null) return null;
  const { envelopes, messageHash } = await encodeMessage(given, {
    ...{ keys, receiver },
    ...(deliveryInstruction !== null && { deliveryInstruction }),
  });
  const [first] = envelopes;
  if (first === undefined) return null;
  const nodeKeys = new Map(
    receiver.relayNodes.map((node) => [
      node.name,
      node.status === "found" ? node.profile.publicEncryptionKey : "",
    ]),
  );
  return {
    messageHash,
    encrypted: first.envelope.message,
    receiverKey: receiver.profile.publicEncryptionKey,
    senderKey: encodeBase64(keys.signingKey.publicKey),
    envelopes: Object.fromEntries(
      envelopes.map(({ relayNode, envelope }) => [
        relayNode,
        { nodeKey: nodeKeys.get(relayNode) ?? "", hashField: "messageHash", envelope },
      ]),
    ),
  };
}

/** Whether it can still be read and is still signed by the key that the sender has. */
export function fits(sealed: SealedMessage, keys: MessageKeys, receiver: FoundProfile): boolean {
  return (
    sealed.receiverKey === receiver.profile.publicEncryptionKey &&
    sealed.senderKey === encodeBase64(keys.signingKey.publicKey)
  );
}

/** The envelope for a relay node that was found later, or has another key now: the same ciphertext. */
export async function envelopeForNode(
  { from, to, deliveryInstruction }: OutgoingMessage,
  { encrypted, messageHash }: SealedMessage,
  keys: MessageKeys,
  { profile: { publicEncryptionKey: nodeKey } }: FoundRelayNode,
): Promise<NodeEnvelope> {
  const information: DeliveryInformation = {
    ...{ to, from },
    ...(deliveryInstruction !== null && { deliveryInstruction }),
  };
  const deliveryInformation = await sealDeliveryInformation(keys.engine, nodeKey, information);
  const hashed = { message: encrypted, messageHash, deliveryInformation };
  const hashField = "messageHash";
  const metadata = await signedMetadata(keys.signingKey, hashed, hashField);
  return { nodeKey, hashField, envelope: { message: encrypted, metadata } };
}

/** Signed once more under the hash's other name; nothing is encrypted again. */
export async function underOtherName(
  { nodeKey, envelope }: NodeEnvelope,
  { messageHash }: SealedMessage,
  keys: MessageKeys,
): Promise<NodeEnvelope> {
  const hashField = "encryptedMessageHash";
  const signed = await withHashField(keys.signingKey, envelope, messageHash, hashField);
  return { nodeKey, hashField, envelope: signed };
}
