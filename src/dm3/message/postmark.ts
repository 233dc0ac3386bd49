/**
 * The postmark: the relay node's signed word, for the receiver alone, on when an envelope came in.
 *
 * dm3 spells its time `incommingTimestamp`, and its specification `incomingTimestamp`; ours has both. What is hashed and
 * signed is dm3's own: the hash is EIP-191's of the quoted ciphertext, the signature is over the text of a hash.
 */
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import type { CryptoEngine } from "../crypto/cryptoEngine.js";
import { personalMessageDigest } from "../keys/walletSignature.js";
import { dm3Hash, sha256Hex, stringify } from "../stringify.js";
import type { DeliveryInformation } from "./deliveryInformation.js";
import { decryptText, encryptText } from "./encryption.js";
import type { MessageErrors } from "./errorCodes.js";
import type { MessageKeys } from "./messageKeys.js";
import { isSignedText, signText } from "./textSignature.js";

export interface Postmark {
  /** Milliseconds since 1970, by the relay node's clock. */
  readonly incomingTimestampMs: number;
}

const LONGEST_POSTMARK = 65_536;

/**
 * @param keys the relay node's
 * @param receiverKey base64: `publicEncryptionKey` of the receiver's profile
 * @param message the envelope's, encrypted
 * @throws INVALID_PROFILE for a key that nothing can be encrypted for
 */
export async function makePostmark(
  { engine, signingKey }: MessageKeys,
  receiverKey: string,
  message: string,
  { incomingTimestampMs }: Postmark,
  deliveryInformation?: DeliveryInformation,
): Promise<string> {
  const unsigned = {
    ...(deliveryInformation !== undefined && { deliveryInformation }),
    incommingTimestamp: incomingTimestampMs,
    incomingTimestamp: incomingTimestampMs,
    messageHash: toHex(personalMessageDigest(stringify(message))),
  };
  const signature = await signText(signingKey, dm3Hash(unsigned));
  return encryptText(engine, receiverKey, stringify({ ...unsigned, signature }));
}

/** A postmark as it was decrypted; nothing but its form is checked. */
export interface OpenedPostmark extends Postmark {
  readonly messageHash: string;
  readonly signature: string;
  /** What the signature has to be over. */
  readonly signedText: string;
}

/**
 * @param keys the receiver's
 * @throws WRONG_POSTMARK
 */
export async function openPostmark(
  { engine, encryptionKey }: MessageKeys,
  postmark: string,
): Promise<OpenedPostmark> {
  const opened = await decryptText(engine, encryptionKey, postmark);
  if (opened === null) {
    throw wrong("unreadable", "was encrypted for another key");
  }
  const read = opened === "malformed" ? null : readPostmark(opened.text);
  if (read === null) throw wrong("malformed", "is not one");
  return read;
}

function readPostmark(text: string): OpenedPostmark | null {
  if (text.length > LONGEST_POSTMARK) return null;
  try {
    const { signature, ...unsigned } = Object(JSON.parse(text)) as Record<string, unknown>;
    const { messageHash, incommingTimestamp, incomingTimestamp } = unsigned;
    const incomingTimestampMs = incommingTimestamp ?? incomingTimestamp;
    if (typeof signature !== "string" || typeof messageHash !== "string") return null;
    if (typeof incomingTimestampMs !== "number" || !Number.isFinite(incomingTimestampMs))
      return null;
    return { incomingTimestampMs, messageHash, signature, signedText: dm3Hash(unsigned) };
  } catch {
    return null;
  }
}

/**
 * @param message the envelope's, encrypted
 * @throws WRONG_POSTMARK when it is about another message
 */
export function assertPostmarkOf(message: string, { messageHash }: OpenedPostmark): void {
  const claimed = messageHash.toLowerCase();
  const quoted = stringify(message);
  if (claimed === toHex(personalMessageDigest(quoted))) return;
  // as DM3's specification has it
  if (claimed === sha256Hex(message) || claimed === sha256Hex(quoted)) return;
  throw wrong("other-message", "is about another message");
}

/**
 * @param relayNode its profile
 * @throws WRONG_POSTMARK when the relay node did not sign it
 */
export async function assertPostmarkSigned(
  engine: CryptoEngine,
  relayNode: { readonly publicSigningKey: string },
  { signature, signedText }: OpenedPostmark,
): Promise<void> {
  if (!(await isSignedText(engine, relayNode.publicSigningKey, signedText, signature))) {
    throw wrong("signature", "is not signed by the relay node");
  }
}

function wrong(reason: MessageErrors["WRONG_POSTMARK"]["reason"], problem: string): SignpostError {
  return new SignpostError(
    "WRONG_POSTMARK",
    `The postmark of the envelope ${problem}. Do not trust its time of arrival.`,
    { reason },
  );
}
