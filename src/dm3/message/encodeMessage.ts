/** From what an app says to one envelope for each of the receiver's relay nodes. */
import type { DeliveryServiceProfile, UserProfile } from "../profile/profile.js";
import { sha256Hex, stringify } from "../stringify.js";
import { type DeliveryInformation, sealDeliveryInformation } from "./deliveryInformation.js";
import { encryptText } from "./encryption.js";
import type { Envelope, HashField } from "./envelope.js";
import type { Message, MessageHash } from "./message.js";
import { type NewMessage, unsignedMessage } from "./messageContent.js";
import type { MessageKeys } from "./messageKeys.js";
import { signMessage } from "./messageSignature.js";
import { signedMetadata } from "./metadataSignature.js";

/** What came of looking a relay node up: `resolveRelayNode` gives such outcomes. */
export type RelayNodeFound =
  | { readonly status: "found"; readonly name: string; readonly profile: DeliveryServiceProfile }
  | {
      readonly status: "absent" | "unreachable" | "untrusted";
      readonly name: string;
      readonly sentence: string;
    };

/** To whom it goes: what `resolveProfile` finds is one. */
export interface Receiver {
  readonly profile: Pick<UserProfile, "publicEncryptionKey">;
  readonly relayNodes: readonly RelayNodeFound[];
}

export interface EncodeOptions {
  /** The sender's. */
  readonly keys: MessageKeys;
  readonly receiver: Receiver;
  /** For answers to messages of another network: what they had as `replyDeliveryInstruction`. */
  readonly deliveryInstruction?: string;
  /** What relay nodes call the hash: dm3's servers `messageHash`, the default; those made of npm 1.7.1 the other. */
  readonly hashField?: HashField;
}

export interface AddressedEnvelope {
  /** The relay node's ENS name. */
  readonly relayNode: string;
  /** Where it answers. */
  readonly url: string;
  readonly envelope: Envelope;
}

export interface EncodedMessage {
  /** Signed, not encrypted: for the sender's own list of messages. */
  readonly message: Message;
  readonly messageHash: MessageHash;
  /** In the order of the profile. All hold the same ciphertext, so whoever gets several knows them as copies. */
  readonly envelopes: readonly AddressedEnvelope[];
  /** Relay nodes of the profile that no envelope can be made for, and why: perhaps later. */
  readonly unresolved: readonly { readonly relayNode: string; readonly sentence: string }[];
}

/**
 * @throws INVALID_NAME, INVALID_REQUEST for what is no message; INVALID_PROFILE for a key that nothing can be encrypted
 *   for
 */
export async function encodeMessage(
  given: NewMessage,
  { keys, receiver, deliveryInstruction, hashField = "messageHash" }: EncodeOptions,
): Promise<EncodedMessage> {
  const { engine, signingKey } = keys;
  const message = await signMessage(signingKey, unsignedMessage(given));
  const plaintext = stringify(message);
  const messageHash = sha256Hex(plaintext);
  const fresh = await engine.freshEncryptionKey();
  const { publicEncryptionKey } = receiver.profile;
  const encrypted = await encryptText(engine, publicEncryptionKey, plaintext, fresh);
  const { from, to } = message.metadata;
  const information: DeliveryInformation = {
    ...{ to, from },
    ...(deliveryInstruction !== undefined && { deliveryInstruction }),
  };

  const envelopeFor = async ({ publicEncryptionKey: key }: DeliveryServiceProfile) => {
    const sealed = await sealDeliveryInformation(engine, key, information, fresh);
    const hashed = { message: encrypted, messageHash, deliveryInformation: sealed };
    return { message: encrypted, metadata: await signedMetadata(signingKey, hashed, hashField) };
  };

  const envelopes: AddressedEnvelope[] = [];
  const unresolved: { relayNode: string; sentence: string }[] = [];
  for (const node of receiver.relayNodes) {
    if (node.status === "found") {
      const envelope = await envelopeFor(node.profile);
      envelopes.push({ relayNode: node.name, url: node.profile.url, envelope });
    } else {
      unresolved.push({ relayNode: node.name, sentence: node.sentence });
    }
  }
  return { message, messageHash, envelopes, unresolved };
}
