/** What is submitted: one true envelope under each name of its hash, and others that are wrong in one thing each. */
import { randomBytes } from "node:crypto";
import { encodeBase64 } from "../../dm3/base64.js";
import { deriveProfileKeys } from "../../dm3/keys/keys.js";
import { encodeMessage } from "../../dm3/message/encodeMessage.js";
import type { Envelope, HashField } from "../../dm3/message/envelope.js";
import { type MessageKeys, messageKeysOf } from "../../dm3/message/messageKeys.js";
import { signText } from "../../dm3/message/textSignature.js";
import type { DeliveryServiceProfile } from "../../dm3/profile/profile.js";
import { stringify } from "../../dm3/stringify.js";
import { nodeEngine } from "../../native/nodeEngine.js";
import type { Accounts } from "../subject.js";

export interface EnvelopeMaker {
  write(content: {
    readonly text: string;
    readonly hashField: HashField;
    readonly to?: string;
    /** Signed by a key that nobody knows, in the sender's name. */
    readonly byStranger?: boolean;
  }): Promise<Envelope>;
  /** The metadata changed, and signed again by the sender. */
  withMetadata(envelope: Envelope, changes: object): Promise<Envelope>;
}

export async function envelopeMaker(
  profile: DeliveryServiceProfile,
  { sender, receiver }: Accounts,
): Promise<EnvelopeMaker> {
  const keys = await messageKeysOf(nodeEngine, sender.keys);
  const stranger = await strangerKeys();
  const relayNodes = [{ status: "found", name: "relay", profile }] as const;
  return {
    async write({ text, hashField, to = receiver.name, byStranger = false }) {
      const { envelopes } = await encodeMessage(
        { type: "NEW", text, from: sender.name, to, timestampMs: Date.now() },
        {
          keys: byStranger ? stranger : keys,
          receiver: { profile: receiver.signed.profile, relayNodes },
          hashField,
        },
      );
      const [addressed] = envelopes;
      if (addressed === undefined) throw new Error("There is one relay node.");
      return addressed.envelope;
    },
    async withMetadata({ message, metadata }, changes) {
      const changed = { ...metadata, ...changes };
      const signedOver = stringify({ ...changed, signature: undefined });
      const signature = await signText(keys.signingKey, signedOver);
      return { message, metadata: { ...changed, signature } };
    },
  };
}

/** Of the right form, and over nothing. */
export function withOtherSignature({ message, metadata }: Envelope): Envelope {
  const signature = encodeBase64(new Uint8Array(randomBytes(64)));
  return { message, metadata: { ...metadata, signature } };
}

async function strangerKeys(): Promise<MessageKeys> {
  return messageKeysOf(nodeEngine, deriveProfileKeys(new Uint8Array(randomBytes(32))));
}
