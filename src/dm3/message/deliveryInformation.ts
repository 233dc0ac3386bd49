/** What a relay node alone may read of an envelope: from whom it is and for whom. */
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { SignpostError } from "../../errors.js";
import type { CryptoEngine, EncryptionKey } from "../crypto/cryptoEngine.js";
import { stringify } from "../stringify.js";
import { decryptText, encryptText } from "./encryption.js";
import type { MessageKeys } from "./messageKeys.js";
import { ReceivedObject } from "./receivedObject.js";

export interface DeliveryInformation {
  /** ENS names. */
  readonly to: string;
  readonly from: string;
  /** For the receiver's relay node: what the message that this one answers had as `replyDeliveryInstruction`. */
  readonly deliveryInstruction?: string;
}

const CODE = "DELIVERY_INFORMATION_MALFORMED";
const LONGEST_INSTRUCTION = 8192;
/** Of the largest there can be, with each character escaped. */
export const LONGEST_DELIVERY_INFORMATION = 131_072;
const FIELDS = new Set(["to", "from", "deliveryInstruction"]);

/**
 * Closed, as dm3's relay nodes have it.
 * @param text what the sender encrypted, JSON
 * @throws DELIVERY_INFORMATION_MALFORMED naming the first field that breaks a rule
 */
export function parseDeliveryInformation(text: string): DeliveryInformation {
  const given = ReceivedObject.read(CODE, text, LONGEST_DELIVERY_INFORMATION);
  given.assertOnly(FIELDS);
  return knownFields(given);
}

/**
 * As relay nodes hand it over, perhaps with fields of their own, which are ignored.
 * @param json a JSON value
 * @throws DELIVERY_INFORMATION_MALFORMED naming the first field that breaks a rule
 */
export function readDeliveryInformation(json: unknown): DeliveryInformation {
  return knownFields(ReceivedObject.of(CODE, json));
}

function knownFields(given: ReceivedObject): DeliveryInformation {
  const to = given.text("to", LONGEST_NAME);
  const from = given.text("from", LONGEST_NAME);
  const instruction = given.optionalText("deliveryInstruction", LONGEST_INSTRUCTION);
  return instruction === undefined ? { to, from } : { to, from, deliveryInstruction: instruction };
}

/**
 * @param relayNodeKey base64: `publicEncryptionKey` of the relay node's profile
 * @param fresh the message's, where it has one
 * @throws INVALID_PROFILE for a key that nothing can be encrypted for
 */
export function sealDeliveryInformation(
  engine: CryptoEngine,
  relayNodeKey: string,
  information: DeliveryInformation,
  fresh?: EncryptionKey,
): Promise<string> {
  return encryptText(engine, relayNodeKey, stringify(information), fresh);
}

/**
 * @param keys the relay node's
 * @param sealed `metadata.deliveryInformation` of an envelope
 * @throws NOT_FOR_THIS_KEY when it is for another relay node, DELIVERY_INFORMATION_MALFORMED
 */
export async function openDeliveryInformation(
  { engine, encryptionKey }: MessageKeys,
  sealed: string,
): Promise<DeliveryInformation> {
  const opened = await decryptText(engine, encryptionKey, sealed);
  if (opened === "malformed") {
    throw new SignpostError(
      "DELIVERY_INFORMATION_MALFORMED",
      "The delivery information is not encrypted as dm3 does it. Encrypt it for the relay node's key.",
    );
  }
  if (opened === null) {
    throw new SignpostError(
      "NOT_FOR_THIS_KEY",
      "The delivery information was encrypted for another relay node, or altered. Resolve the relay node again, and encrypt for its key.",
      { part: "deliveryInformation" },
    );
  }
  return parseDeliveryInformation(opened.text);
}
