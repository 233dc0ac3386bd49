/** The sender's signature over an envelope's metadata, which relay nodes can check. */
import { SignpostError } from "../../errors.js";
import type { CryptoEngine, SigningKey } from "../crypto/cryptoEngine.js";
import { sha256Hex, stringify } from "../stringify.js";
import { ENCRYPTION_SCHEME } from "./encryption.js";
import {
  type Envelope,
  ENVELOPE_VERSION,
  type EnvelopeMetadata,
  type HashField,
  type SubmittedEnvelope,
} from "./envelope.js";
import type { MessageHash } from "./message.js";
import { isSignedText, signText } from "./textSignature.js";

interface HashedEnvelope {
  /** Encrypted for the receiver. */
  readonly message: string;
  readonly messageHash: MessageHash;
  /** Encrypted for the relay node. */
  readonly deliveryInformation: string;
}

/** @param hashField the name that the relay node knows; `messageHash` unless it answered "invalid schema" */
export async function signedMetadata(
  signingKey: SigningKey,
  { message, messageHash, deliveryInformation }: HashedEnvelope,
  hashField: HashField,
): Promise<EnvelopeMetadata> {
  const hash = hashField === "messageHash" ? messageHash : ciphertextHash(message);
  const metadata = {
    ...{ version: ENVELOPE_VERSION, encryptionScheme: ENCRYPTION_SCHEME, deliveryInformation },
    [hashField]: hash,
  };
  return { ...metadata, signature: await signText(signingKey, stringify(metadata)) };
}

/**
 * The same envelope under the other name of the hash, for a relay node that answered "invalid schema": nothing is
 * encrypted again, so it stays the same copy.
 */
export async function withHashField(
  signingKey: SigningKey,
  { message, metadata }: Envelope,
  messageHash: MessageHash,
  hashField: HashField,
): Promise<Envelope> {
  const { deliveryInformation } = metadata;
  const hashed = { message, messageHash, deliveryInformation };
  return { message, metadata: await signedMetadata(signingKey, hashed, hashField) };
}

/** The hash under npm's name: of the ciphertext's text, quoted as JSON. */
export function ciphertextHash(message: string): MessageHash {
  return sha256Hex(stringify(message));
}

/**
 * @param sender the profile that the sender's name has now
 * @throws WRONG_METADATA_SIGNATURE
 */
export async function assertSubmittedBy(
  engine: CryptoEngine,
  sender: { readonly publicSigningKey: string },
  { metadata, signedText }: SubmittedEnvelope,
  from: string,
): Promise<void> {
  if (!(await isSignedText(engine, sender.publicSigningKey, signedText, metadata.signature))) {
    throw wrongMetadataSignature(from);
  }
}

export function wrongMetadataSignature(from: string): SignpostError {
  return new SignpostError(
    "WRONG_METADATA_SIGNATURE",
    `The envelope is not signed by the key in the profile of ${JSON.stringify(from)}. Sign it again with that key.`,
    { from },
  );
}
