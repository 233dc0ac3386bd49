/** What a sender submits, what a relay node makes of it, and each way in which it does not count. */
import { hashMessage } from "ethers";
import { canonical, sha256OfJson } from "./canonical.js";
import { filled, type Keys, keysOf, seal, sign } from "./sealing.js";
import type { Invalid, Valid } from "./vector.js";

/** Whoever reads along: their keys are of these seeds. */
const SEEDS = { sender: 0xa1, receiver: 0xb0, relayNode: 0xd5, other: 0x0e } as const;
const [sender, receiver, relayNode, other] = Object.values(SEEDS).map((byte) =>
  keysOf(filled(byte)),
) as [Keys, Keys, Keys, Keys];

const HEX = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
const FRESH = filled(0xe1);
const [MESSAGE_NONCE, INFORMATION_NONCE, POSTMARK_NONCE] = [1, 2, 3].map((byte) =>
  filled(byte, 12),
) as [Uint8Array, Uint8Array, Uint8Array];
const POSTMARK_FRESH = filled(0xe2);
const ARRIVED_MS = 1_729_000_004_000;

type HashField = "messageHash" | "encryptedMessageHash";

interface EnvelopeWish {
  readonly type: string;
  readonly text: string | null;
  readonly reference: string | null;
  readonly hashField: HashField;
  readonly deliveryInstruction: string | null;
}

export interface SealingInput extends EnvelopeWish {
  readonly from: string;
  readonly to: string;
  readonly timestamp: number;
  readonly senderSeed: string;
  readonly receiverKey: string;
  readonly relayNodeKey: string;
  readonly ephemPrivateKey: string;
  readonly messageNonce: string;
  readonly deliveryInformationNonce: string;
  readonly relayNodeSeed: string;
  readonly incomingTimestamp: number;
  readonly postmarkEphemPrivateKey: string;
  readonly postmarkNonce: string;
}

export interface EnvelopeExpected {
  readonly message: string;
  readonly messageHash: string;
  readonly deliveryInformation: string;
  readonly metadataSigned: string;
  readonly envelope: string;
  readonly postmarkSigned: string;
  readonly postmark: string;
}

export interface SubmitInput {
  /** As it comes in. */
  readonly envelope: string;
  readonly relayNodeSeed: string;
  /** Of the profile of the name in `from`. */
  readonly senderKey: string;
}

const USUAL: EnvelopeWish = {
  ...{ type: "NEW", text: "Hello Bob", reference: null },
  ...{ hashField: "messageHash", deliveryInstruction: null },
};

function inputOf(wish: EnvelopeWish): SealingInput {
  return {
    ...wish,
    ...{ from: "alice.eth", to: "bob.eth", timestamp: 1_729_000_000_000 },
    senderSeed: HEX(sender.signingSeed),
    receiverKey: receiver.publicEncryptionKey,
    relayNodeKey: relayNode.publicEncryptionKey,
    ephemPrivateKey: HEX(FRESH),
    messageNonce: HEX(MESSAGE_NONCE),
    deliveryInformationNonce: HEX(INFORMATION_NONCE),
    relayNodeSeed: HEX(relayNode.signingSeed),
    incomingTimestamp: ARRIVED_MS,
    postmarkEphemPrivateKey: HEX(POSTMARK_FRESH),
    postmarkNonce: HEX(POSTMARK_NONCE),
  };
}

function expectedOf(input: SealingInput): EnvelopeExpected {
  const { from, to, timestamp, type, text, reference, hashField, deliveryInstruction } = input;
  const unsigned = {
    ...(text !== null && { message: text }),
    metadata: {
      ...{ to, from, timestamp, type },
      ...(reference !== null && { referenceMessageHash: reference }),
    },
    ...(["REACTION", "READ_RECEIVED", "READ_OPENED"].includes(type) && { attachments: [] }),
  };
  const signature = sign(sender.signingSeed, canonical(unsigned));
  const message = canonical({ ...unsigned, signature });
  const messageHash = sha256OfJson({ ...unsigned, signature });
  const encrypted = seal(receiver.publicEncryptionKey, message, {
    ...{ ephemPrivateKey: FRESH, nonce: MESSAGE_NONCE },
  }).text;
  const deliveryInformation = canonical({
    ...{ to, from },
    ...(deliveryInstruction !== null && { deliveryInstruction }),
  });
  const metadata = {
    version: "v1",
    encryptionScheme: "x25519-chacha20-poly1305",
    deliveryInformation: seal(relayNode.publicEncryptionKey, deliveryInformation, {
      ...{ ephemPrivateKey: FRESH, nonce: INFORMATION_NONCE },
    }).text,
    [hashField]: hashField === "messageHash" ? messageHash : sha256OfJson(encrypted),
  };
  const metadataSigned = canonical(metadata);
  const envelope = canonical({
    message: encrypted,
    metadata: { ...metadata, signature: sign(sender.signingSeed, metadataSigned) },
  });
  return {
    ...{ message, messageHash, deliveryInformation, metadataSigned, envelope },
    ...postmarkOf(encrypted),
  };
}

function postmarkOf(encrypted: string) {
  const unsigned = {
    ...{ incommingTimestamp: ARRIVED_MS, incomingTimestamp: ARRIVED_MS },
    messageHash: hashMessage(canonical(encrypted)),
  };
  const postmarkSigned = sha256OfJson(unsigned);
  const signature = sign(relayNode.signingSeed, postmarkSigned);
  const postmark = seal(receiver.publicEncryptionKey, canonical({ ...unsigned, signature }), {
    ...{ ephemPrivateKey: POSTMARK_FRESH, nonce: POSTMARK_NONCE },
  }).text;
  return { postmarkSigned, postmark };
}

const valid = (
  rule: string,
  description: string,
  wish: Partial<EnvelopeWish> = {},
): Valid<SealingInput, EnvelopeExpected> => {
  const input = inputOf({ ...USUAL, ...wish });
  return { rule, description, input, expected: expectedOf(input) };
};

interface Parts {
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}
const SOUND = JSON.parse(expectedOf(inputOf(USUAL)).envelope) as Parts;

/** Signed again where `by` says so; else the signature is the one of before. */
function changed(changes: Partial<Record<string, unknown>>, by: Keys | null = null): string {
  const { signature, ...unsigned } = { ...SOUND.metadata, ...changes } as Record<string, unknown>;
  const signed = by === null ? signature : sign(by.signingSeed, canonical(unsigned));
  return JSON.stringify({ message: SOUND.message, metadata: { ...unsigned, signature: signed } });
}

const sealedFor = (keys: Keys, information: object): string =>
  seal(keys.publicEncryptionKey, canonical(information), {
    ...{ ephemPrivateKey: FRESH, nonce: INFORMATION_NONCE },
  }).text;

const invalid = (
  rule: string,
  description: string,
  error: string,
  envelope: string,
  senderKey = sender.publicSigningKey,
): Invalid<SubmitInput, string> => {
  const input = { envelope, relayNodeSeed: HEX(relayNode.signingSeed), senderKey };
  return { rule, description, input, error };
};

const hash = (digit: string) => `0x${digit.repeat(64)}`;
const BETWEEN = { to: "bob.eth", from: "alice.eth" };

export interface EnvelopeVectors {
  readonly valid: readonly Valid<SealingInput, EnvelopeExpected>[];
  readonly invalid: readonly Invalid<SubmitInput, string>[];
}

export function envelopes(): EnvelopeVectors {
  return {
    valid: [
      valid("new-message", "A text, under the name of the hash that dm3's servers know."),
      valid("hash-of-ciphertext", "The name of npm 1.7.1, which is the hash of the ciphertext.", {
        hashField: "encryptedMessageHash",
      }),
      valid("text-beyond-ascii", "UTF-8, and no normalisation.", { text: "Grüße 👋 e\u0301" }),
      valid("text-to-be-escaped", "Escaped as JSON.stringify does it.", {
        text: 'a "quote", a \\, a\nline and \u0007',
      }),
      valid("text-over-one-block", "Padded to the next 2048 bytes.", { text: "x".repeat(3_000) }),
      valid("reply-to-another-network", "The instruction is for the receiver's relay node.", {
        ...{
          type: "REPLY",
          text: "Hello",
          reference: hash("1"),
          deliveryInstruction: "matrix:!abc",
        },
      }),
      valid("delete-request", "No text at all, which is not an empty text.", {
        ...{ type: "DELETE_REQUEST", text: null, reference: hash("1") },
      }),
    ],
    invalid: [
      invalid(
        "hash-changed",
        "The signature covers the hash.",
        "WRONG_METADATA_SIGNATURE",
        changed({ messageHash: hash("2") }),
      ),
      invalid(
        "version-changed",
        "The signature covers the version.",
        "WRONG_METADATA_SIGNATURE",
        changed({ version: "v2" }),
      ),
      invalid(
        "scheme-changed",
        "The signature covers the scheme.",
        "WRONG_METADATA_SIGNATURE",
        changed({ encryptionScheme: "x" }),
      ),
      invalid(
        "scheme-left-out",
        "Optional, but covered by the signature.",
        "WRONG_METADATA_SIGNATURE",
        changed({ encryptionScheme: undefined }),
      ),
      invalid(
        "delivery-information-exchanged",
        "The signature covers it as it is encrypted.",
        "WRONG_METADATA_SIGNATURE",
        changed({
          deliveryInformation: sealedFor(relayNode, { to: "carol.eth", from: "alice.eth" }),
        }),
      ),
      invalid(
        "signed-by-another",
        "By a key that the sender's name does not have.",
        "WRONG_METADATA_SIGNATURE",
        changed({}, other),
      ),
      invalid(
        "sender-has-another-key-now",
        "What counts is the key that ENS has now.",
        "WRONG_METADATA_SIGNATURE",
        changed({}),
        other.publicSigningKey,
      ),
      invalid(
        "for-another-relay-node",
        "Encrypted for a key that is not ours.",
        "NOT_FOR_THIS_KEY",
        changed({ deliveryInformation: sealedFor(other, BETWEEN) }, sender),
      ),
      invalid(
        "delivery-information-in-the-clear",
        "A text that is not encrypted.",
        "DELIVERY_INFORMATION_MALFORMED",
        changed({ deliveryInformation: canonical(BETWEEN) }, sender),
      ),
      invalid(
        "delivery-information-as-an-object",
        "It is a text when it is submitted.",
        "ENVELOPE_MALFORMED",
        changed({ deliveryInformation: BETWEEN }),
      ),
      invalid(
        "delivery-information-with-another-field",
        "Closed.",
        "DELIVERY_INFORMATION_MALFORMED",
        changed({ deliveryInformation: sealedFor(relayNode, { ...BETWEEN, foo: 1 }) }, sender),
      ),
      invalid(
        "delivery-information-without-a-receiver",
        "Both names are needed.",
        "DELIVERY_INFORMATION_MALFORMED",
        changed({ deliveryInformation: sealedFor(relayNode, { from: "alice.eth" }) }, sender),
      ),
      invalid(
        "both-hashes",
        "One of the two names.",
        "ENVELOPE_MALFORMED",
        changed({ encryptedMessageHash: SOUND.metadata["messageHash"] }, sender),
      ),
      invalid(
        "no-hash",
        "One of the two names.",
        "ENVELOPE_MALFORMED",
        changed({ messageHash: undefined }, sender),
      ),
      invalid(
        "hash-that-is-none",
        "0x and 64 digits.",
        "ENVELOPE_MALFORMED",
        changed({ messageHash: "0x12" }, sender),
      ),
      invalid(
        "another-field-in-metadata",
        "Closed.",
        "ENVELOPE_MALFORMED",
        changed({ foo: "bar" }, sender),
      ),
      invalid(
        "another-field-in-envelope",
        "Closed.",
        "ENVELOPE_MALFORMED",
        JSON.stringify({ ...SOUND, id: "x" }),
      ),
      invalid(
        "no-signature",
        "Always there.",
        "ENVELOPE_MALFORMED",
        changed({ signature: undefined }),
      ),
      invalid(
        "no-message",
        "Always there.",
        "ENVELOPE_MALFORMED",
        JSON.stringify({ metadata: SOUND.metadata }),
      ),
      invalid("no-json", "An envelope is JSON.", "ENVELOPE_MALFORMED", "{"),
    ],
  };
}
