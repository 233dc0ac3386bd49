/**
 * Envelopes: a message encrypted for its receiver, with metadata for the relay node.
 *
 * Their hash has two names. Of `messageHash` (dm3's git head and its servers) it is the hash of the plain message, of
 * `encryptedMessageHash` (npm 1.7.1) that of the ciphertext. Either one's schema refuses the other name, and both
 * together: an envelope has one of them, and `messageHash` unless the relay node asks for the other.
 */
import { stringify } from "../stringify.js";
import { LONGEST_DELIVERY_INFORMATION } from "./deliveryInformation.js";
import { HASH_FORM } from "./messageContent.js";
import { LONGEST_MESSAGE } from "./receivedMessage.js";
import { ReceivedObject } from "./receivedObject.js";
import { SIGNATURE_CHARS } from "./textSignature.js";

export const ENVELOPE_VERSION = "v1";

export type HashField = "messageHash" | "encryptedMessageHash";
const HASH_FIELDS: readonly HashField[] = ["messageHash", "encryptedMessageHash"];

export type EnvelopeMetadata = {
  readonly version: string;
  /** Absent: x25519-chacha20-poly1305. */
  readonly encryptionScheme?: string;
  /** Encrypted for the relay node. */
  readonly deliveryInformation: string;
  /** Ed25519 of the sender's signing key over the canonical JSON of the rest, base64. */
  readonly signature: string;
} & { readonly [Field in HashField]?: string };

export interface Envelope {
  /** Encrypted for the receiver. */
  readonly message: string;
  readonly metadata: EnvelopeMetadata;
}

/** Of an envelope, what was claimed under one of the two names. */
export interface ClaimedHash {
  readonly field: HashField;
  /** As received. */
  readonly value: string;
}

/** An envelope as senders submit it. */
export interface SubmittedEnvelope {
  readonly message: string;
  /** As received: its signature is over this. */
  readonly metadata: EnvelopeMetadata;
  readonly claimedHash: ClaimedHash;
  /** The text that `metadata.signature` has to be over. */
  readonly signedText: string;
}

/** Base64 and the JSON around it take a third more than the message. */
export const LONGEST_ENVELOPE = 2 * LONGEST_MESSAGE;
const LONGEST_VERSION = 16;
const LONGEST_SCHEME = 64;
const HASH_CHARS = 66;

const ENVELOPE_FIELDS = new Set(["message", "metadata", "postmark"]);
const METADATA_FIELDS = new Set([
  ...["version", "encryptionScheme", "deliveryInformation", "signature"],
  ...HASH_FIELDS,
]);

/**
 * Reads what a sender submits, closed as dm3's schemas are, and with one of the two hashes. A postmark is not passed
 * on: relay nodes make their own.
 * @param json a JSON value, or its text; the caller bounds it by the node's own limit before
 * @throws ENVELOPE_MALFORMED naming the first field that breaks a rule
 */
export function parseSubmittedEnvelope(json: unknown): SubmittedEnvelope {
  const envelope = ReceivedObject.read("ENVELOPE_MALFORMED", json, LONGEST_ENVELOPE);
  const message = envelope.text("message", LONGEST_ENVELOPE);
  const metadata = envelope.object("metadata");
  readCommonMetadata(metadata);
  metadata.text("deliveryInformation", LONGEST_DELIVERY_INFORMATION);
  envelope.optionalText("postmark", LONGEST_DELIVERY_INFORMATION);
  envelope.assertOnly(ENVELOPE_FIELDS);
  metadata.assertOnly(METADATA_FIELDS);
  const hashes = claimedHashes(metadata);
  const [claimedHash] = hashes;
  if (claimedHash === undefined) throw metadata.refusal("messageHash", "is missing");
  if (hashes.length > 1) {
    throw metadata.refusal("encryptedMessageHash", "must not stand beside messageHash");
  }
  return {
    message,
    // every field was read above
    metadata: metadata.members as unknown as EnvelopeMetadata,
    claimedHash,
    signedText: stringify({ ...metadata.members, signature: undefined }),
  };
}

/** @throws ENVELOPE_MALFORMED */
export function readCommonMetadata(metadata: ReceivedObject): {
  readonly encryptionScheme: string | undefined;
  readonly signature: string;
} {
  metadata.text("version", LONGEST_VERSION);
  return {
    encryptionScheme: metadata.optionalText("encryptionScheme", LONGEST_SCHEME),
    signature: metadata.text("signature", SIGNATURE_CHARS),
  };
}

/** @throws ENVELOPE_MALFORMED for a hash that is none */
export function claimedHashes(metadata: ReceivedObject): readonly ClaimedHash[] {
  return HASH_FIELDS.filter((field) => metadata.has(field)).map((field) => ({
    field,
    value: metadata.textLike(field, HASH_FORM, HASH_CHARS, "must be 0x and 64 digits"),
  }));
}
