/** From an envelope to what somebody says, after every check that can be made. */
import type { Hex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import type { Awaitable } from "../crypto/cryptoEngine.js";
import type { DeliveryServiceProfile, UserProfile } from "../profile/profile.js";
import type { DeliveryInformation } from "./deliveryInformation.js";
import { decryptText } from "./encryption.js";
import type { ClaimedHash } from "./envelope.js";
import { type FetchedEnvelope, parseFetchedEnvelope } from "./fetchedEnvelope.js";
import type { MessageKeys } from "./messageKeys.js";
import { isSameName } from "./messageNames.js";
import { assertMessageSigned } from "./messageSignature.js";
import { ciphertextHash, wrongMetadataSignature } from "./metadataSignature.js";
import { assertPostmarkOf, assertPostmarkSigned, openPostmark } from "./postmark.js";
import { parseMessage, type ReceivedMessage } from "./receivedMessage.js";
import { isSignedText } from "./textSignature.js";

/** Who is behind a name, as far as messages need it: what `resolveProfile` finds is one. */
export interface Contact {
  readonly profile: Pick<UserProfile, "publicSigningKey">;
  readonly address?: string;
}

export interface DecodeOptions {
  /** The receiver's. */
  readonly keys: MessageKeys;
  /** All names under which the receiver gets messages. */
  readonly ownNames: readonly string[];
  /** The Ethereum address behind them: a name that is not among them, but has this address, is the receiver's as well. */
  readonly ownAddress?: string;
  /**
   * Resolves a name: null when nobody has it or it has no profile. What it throws, such as UNREACHABLE, is thrown on.
   */
  readonly contactOf: (name: string) => Awaitable<Contact | null>;
  /** The profile of the relay node that the envelope came from; without it, nobody vouches for the postmark. */
  readonly relayNode?: Pick<DeliveryServiceProfile, "publicSigningKey">;
}

/** What each says when it is among `checks`. */
export const MESSAGE_CHECKS = {
  hash: "The envelope's hash is that of this message.",
  receiver: "It was written to the receiver, and not to somebody who passed it on.",
  messageSignature: "The sender's profile key signed the message.",
  sender: "Message and delivery information name the same sender.",
  metadataSignature: "The sender's profile key signed the envelope.",
  postmarkHash: "The postmark is about this envelope.",
  postmarkSignature: "The relay node signed the postmark.",
} as const;

export type MessageCheck = keyof typeof MESSAGE_CHECKS;

export interface DecodedMessage extends Pick<
  ReceivedMessage,
  "from" | "to" | "timestampMs" | "content" | "messageHash"
> {
  /** What the envelope calls itself: relay nodes want it, with `deliveryInformation.from`, in acknowledgements. */
  readonly claimedHash: ClaimedHash | null;
  /** Null where the relay node did not decrypt it. */
  readonly deliveryInformation: DeliveryInformation | null;
  /** Null without a postmark. Milliseconds since 1970, by the relay node's clock. */
  readonly incomingTimestampMs: number | null;
  /** Those that were made, all of which passed; the others had nothing to look at. */
  readonly checks: readonly MessageCheck[];
}

/**
 * @param envelope as a relay node hands it over: a JSON value, or its text
 * @throws the code of the first check that fails: ENVELOPE_MALFORMED, UNKNOWN_ENCRYPTION,
 *   DELIVERY_INFORMATION_MALFORMED, NOT_FOR_THIS_KEY, MESSAGE_MALFORMED, WRONG_HASH, RECEIVER_MISMATCH, UNKNOWN_SENDER,
 *   WRONG_MESSAGE_SIGNATURE, SENDER_MISMATCH, WRONG_METADATA_SIGNATURE, WRONG_POSTMARK
 */
export async function decodeMessage(
  envelope: unknown,
  options: DecodeOptions,
): Promise<DecodedMessage> {
  const { keys, contactOf } = options;
  const fetched = parseFetchedEnvelope(envelope);
  const message = parseMessage(await decrypted(keys, fetched.message));
  const checks: MessageCheck[] = [];
  if (assertHash(fetched, message)) checks.push("hash");

  await assertReceiver(message.to, options);
  checks.push("receiver");

  const sender = await contactOf(message.from);
  if (sender === null) throw unknownSender(message.from);
  await assertMessageSigned(keys.engine, sender.profile, message);
  checks.push("messageSignature");
  if (await assertSameSender(fetched, message, sender, contactOf)) checks.push("sender");
  if (await assertMetadataSigned(keys, fetched, message, sender)) checks.push("metadataSignature");

  const incomingTimestampMs = await readPostmark(fetched, options, checks);
  const { from, to, timestampMs, content, messageHash } = message;
  const { deliveryInformation, claimedHashes } = fetched;
  return {
    ...{ from, to, timestampMs, content, messageHash },
    ...{ claimedHash: claimedHashes[0] ?? null, deliveryInformation, incomingTimestampMs, checks },
  };
}

/**
 * What an envelope holds, by whoever it is: nothing is checked, so it is shown to nobody. For saying which message is meant.
 * @throws ENVELOPE_MALFORMED, UNKNOWN_ENCRYPTION, DELIVERY_INFORMATION_MALFORMED, NOT_FOR_THIS_KEY, MESSAGE_MALFORMED
 */
export async function openUnchecked(
  envelope: unknown,
  keys: MessageKeys,
): Promise<Pick<ReceivedMessage, "content" | "messageHash">> {
  const { content, messageHash } = parseMessage(
    await decrypted(keys, parseFetchedEnvelope(envelope).message),
  );
  return { content, messageHash };
}

async function decrypted(
  { engine, encryptionKey }: MessageKeys,
  encrypted: string,
): Promise<string> {
  const opened = await decryptText(engine, encryptionKey, encrypted);
  if (opened === "malformed") {
    throw new SignpostError(
      "ENVELOPE_MALFORMED",
      "The field message of the envelope is not encrypted as dm3 does it.",
      { field: "message" },
    );
  }
  if (opened !== null) return opened.text;
  throw new SignpostError(
    "NOT_FOR_THIS_KEY",
    "The message was encrypted for another key, or altered. Keep it unacknowledged, and try earlier keys.",
    { part: "message" },
  );
}

/** False where there is none. Under either name the one or the other hash counts: servers serve what they have under both. */
function assertHash({ claimedHashes, message }: FetchedEnvelope, { messageHash }: ReceivedMessage) {
  const [claimed] = claimedHashes;
  if (claimed === undefined) return false;
  const right: Readonly<Record<ClaimedHash["field"], () => Hex>> = {
    messageHash: () => messageHash,
    encryptedMessageHash: () => ciphertextHash(message),
  };
  const value = claimed.value.toLowerCase();
  if (claimedHashes.some(({ field }) => right[field]() === value)) return true;
  const { field } = claimed;
  throw new SignpostError(
    "WRONG_HASH",
    `The envelope's ${field} is not that of its message: somebody put another message into it. Do not show it.`,
    { field, claimed: claimed.value, actual: right[field]() },
  );
}

async function assertReceiver(
  to: string,
  { ownNames, ownAddress, contactOf }: DecodeOptions,
): Promise<void> {
  if (ownNames.some((name) => isSameName(name, to))) return;
  if (ownAddress !== undefined) {
    const contact = await contactOf(to);
    if (isSameAddress(contact?.address, ownAddress)) return;
  }
  throw new SignpostError(
    "RECEIVER_MISMATCH",
    `The message was written to ${JSON.stringify(to)}, not to you: somebody passed it on. Do not show it as written to you.`,
    { to },
  );
}

/** False where the relay node did not tell. */
async function assertSameSender(
  { deliveryInformation }: FetchedEnvelope,
  { from }: ReceivedMessage,
  sender: Contact,
  contactOf: DecodeOptions["contactOf"],
): Promise<boolean> {
  if (deliveryInformation === null) return false;
  const { from: deliveredFrom } = deliveryInformation;
  if (isSameName(from, deliveredFrom)) return true;
  // a name for display and one of the address, of the same person
  const other = sender.address === undefined ? null : await contactOf(deliveredFrom);
  if (isSameAddress(other?.address, sender.address)) return true;
  throw new SignpostError(
    "SENDER_MISMATCH",
    `The message is from ${JSON.stringify(from)}, but was delivered as from ${JSON.stringify(deliveredFrom)}. Do not show it.`,
    { from, deliveredFrom },
  );
}

/** False where nothing of what it was over is left. */
async function assertMetadataSigned(
  { engine }: MessageKeys,
  { signedTexts, signature }: FetchedEnvelope,
  { from }: ReceivedMessage,
  { profile: { publicSigningKey } }: Contact,
): Promise<boolean> {
  for (const text of signedTexts) {
    if (await isSignedText(engine, publicSigningKey, text, signature)) return true;
  }
  if (signedTexts.length === 0) return false;
  throw wrongMetadataSignature(from);
}

async function readPostmark(
  { postmark, message }: FetchedEnvelope,
  { keys, relayNode }: DecodeOptions,
  checks: MessageCheck[],
): Promise<number | null> {
  if (postmark === null) return null;
  const opened = await openPostmark(keys, postmark);
  assertPostmarkOf(message, opened);
  checks.push("postmarkHash");
  if (relayNode !== undefined) {
    await assertPostmarkSigned(keys.engine, relayNode, opened);
    checks.push("postmarkSignature");
  }
  return opened.incomingTimestampMs;
}

function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}

function unknownSender(from: string): SignpostError {
  return new SignpostError(
    "UNKNOWN_SENDER",
    `The message says that it is from ${JSON.stringify(from)}, which has no DM3 profile. Do not show it.`,
    { from },
  );
}
