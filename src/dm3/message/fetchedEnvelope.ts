/** Envelopes as relay nodes hand them over: with a postmark, and with the delivery information decrypted. */
import { SignpostError } from "../../errors.js";
import { stringify } from "../stringify.js";
import {
  type DeliveryInformation,
  LONGEST_DELIVERY_INFORMATION,
  readDeliveryInformation,
} from "./deliveryInformation.js";
import { ENCRYPTION_SCHEME } from "./encryption.js";
import {
  type ClaimedHash,
  claimedHashes,
  LONGEST_ENVELOPE,
  readCommonMetadata,
} from "./envelope.js";
import { ReceivedObject } from "./receivedObject.js";

export interface FetchedEnvelope {
  /** Encrypted for the receiver. */
  readonly message: string;
  /** Null where the relay node left it encrypted for itself. */
  readonly deliveryInformation: DeliveryInformation | null;
  /**
   * None, or one, or the same value under both names, as relay nodes serve it for clients of either kind.
   */
  readonly claimedHashes: readonly ClaimedHash[];
  readonly signature: string;
  /**
   * The texts of which one has to be signed; empty where the relay node kept no encrypted delivery information, which the
   * signature covers. dm3's own nodes keep none.
   */
  readonly signedTexts: readonly string[];
  /** Encrypted for the receiver. */
  readonly postmark: string | null;
}

/**
 * Beside the decrypted delivery information, ours keep the encrypted one under this name, so that receivers can check
 * the sender's signature.
 */
export const KEPT_DELIVERY_INFORMATION = "encryptedDeliveryInformation";

/**
 * Reads what a relay node hands over, with fields of its own, which are ignored.
 * @param json a JSON value, or its text
 * @throws ENVELOPE_MALFORMED naming the first field that breaks a rule, DELIVERY_INFORMATION_MALFORMED, or
 *   UNKNOWN_ENCRYPTION for another scheme than DM3's own
 */
export function parseFetchedEnvelope(json: unknown): FetchedEnvelope {
  const envelope = ReceivedObject.read("ENVELOPE_MALFORMED", json, LONGEST_ENVELOPE);
  const metadata = envelope.object("metadata");
  const { encryptionScheme, signature } = readCommonMetadata(metadata);
  if ((encryptionScheme ?? ENCRYPTION_SCHEME) !== ENCRYPTION_SCHEME)
    throw unknown(encryptionScheme);
  const hashes = claimedHashes(metadata);
  if (hashes.length > 1 && hashes[0]?.value !== hashes[1]?.value) {
    throw metadata.refusal("encryptedMessageHash", "differs from messageHash");
  }
  const isEncrypted = typeof metadata.value("deliveryInformation") === "string";
  return {
    message: envelope.text("message", LONGEST_ENVELOPE),
    deliveryInformation: isEncrypted
      ? null
      : readDeliveryInformation(metadata.value("deliveryInformation")),
    claimedHashes: hashes,
    signature,
    signedTexts: signedTextsOf(metadata, hashes),
    postmark: envelope.optionalText("postmark", LONGEST_DELIVERY_INFORMATION) ?? null,
  };
}

function signedTextsOf(
  metadata: ReceivedObject,
  hashes: readonly ClaimedHash[],
): readonly string[] {
  const field = metadata.has(KEPT_DELIVERY_INFORMATION)
    ? KEPT_DELIVERY_INFORMATION
    : "deliveryInformation";
  if (typeof metadata.value(field) !== "string") return [];
  const signed = {
    ...metadata.members,
    deliveryInformation: metadata.text(field, LONGEST_DELIVERY_INFORMATION),
    ...{ signature: undefined, [KEPT_DELIVERY_INFORMATION]: undefined },
  };
  try {
    if (hashes.length < 2) return [stringify(signed)];
    // served under both names, signed under one
    return hashes.map(({ field: other }) => stringify({ ...signed, [other]: undefined }));
  } catch {
    throw metadata.refusal("version", "stands beside a field that is nested too deeply");
  }
}

function unknown(scheme = ""): SignpostError {
  return new SignpostError(
    "UNKNOWN_ENCRYPTION",
    `The envelope is encrypted by ${JSON.stringify(scheme)}. Ask the sender to use ${ENCRYPTION_SCHEME}.`,
    { scheme },
  );
}
