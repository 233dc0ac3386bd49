/**
 * A message for a message proxy, which submits it on the sender's behalf: one ciphertext, and metadata for each of the
 * receiver's relay nodes.
 */
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { SignpostError } from "../../errors.js";
import type { EncodedMessage } from "./encodeMessage.js";
import {
  type Envelope,
  type EnvelopeMetadata,
  LONGEST_ENVELOPE,
  parseSubmittedEnvelope,
} from "./envelope.js";
import { ReceivedObject } from "./receivedObject.js";

/** In dm3's spelling. */
export interface ProxyEnvelope {
  /** The receiver's ENS name. */
  readonly to: string;
  readonly encryptedMessage: string;
  readonly encryptionEnvelops: readonly {
    readonly deliveryServiceEnsName: string;
    readonly encryptionEnvelop: { readonly metadata: EnvelopeMetadata };
  }[];
}

/** As many as a profile may name. */
const MOST_RELAY_NODES = 16;
const FIELDS = new Set(["to", "encryptedMessage", "encryptionEnvelops"]);
const ITEM_FIELDS = new Set(["deliveryServiceEnsName", "encryptionEnvelop"]);
const INNER_FIELDS = new Set(["metadata"]);

/**
 * Relay nodes that could not be resolved are not in it: they stand in `unresolved` of what was encoded.
 * @throws NOT_FOUND when none could
 */
export function proxyEnvelopeOf({ message, envelopes, unresolved }: EncodedMessage): ProxyEnvelope {
  const [first] = envelopes;
  if (first === undefined) {
    throw new SignpostError(
      "NOT_FOUND",
      "None of the receiver's relay nodes could be resolved. Keep the message and try again later.",
      { unresolved },
    );
  }
  return {
    to: message.metadata.to,
    encryptedMessage: first.envelope.message,
    encryptionEnvelops: envelopes.map(({ relayNode, envelope: { metadata } }) => ({
      deliveryServiceEnsName: relayNode,
      encryptionEnvelop: { metadata },
    })),
  };
}

/**
 * What a proxy has to submit: the receiver, and an envelope for each relay node, in the order of the sender.
 * @param json a JSON value, or its text
 * @throws ENVELOPE_MALFORMED naming the first field that breaks a rule
 */
export function parseProxyEnvelope(json: unknown): {
  readonly to: string;
  readonly envelopes: readonly { readonly relayNode: string; readonly envelope: Envelope }[];
} {
  const given = ReceivedObject.read("ENVELOPE_MALFORMED", json, LONGEST_ENVELOPE);
  const message = given.text("encryptedMessage", LONGEST_ENVELOPE);
  const items = given.value("encryptionEnvelops");
  if (!Array.isArray(items) || items.length === 0 || items.length > MOST_RELAY_NODES) {
    throw given.refusal("encryptionEnvelops", `must be a list of 1 to ${MOST_RELAY_NODES}`);
  }
  given.assertOnly(FIELDS);
  return {
    to: given.text("to", LONGEST_NAME),
    envelopes: items.map((json: unknown) => {
      const item = ReceivedObject.of("ENVELOPE_MALFORMED", json);
      const inner = item.object("encryptionEnvelop");
      item.assertOnly(ITEM_FIELDS);
      inner.assertOnly(INNER_FIELDS);
      const { metadata } = parseSubmittedEnvelope({ message, metadata: inner.value("metadata") });
      const relayNode = item.text("deliveryServiceEnsName", LONGEST_NAME);
      return { relayNode, envelope: { message, metadata } };
    }),
  };
}
