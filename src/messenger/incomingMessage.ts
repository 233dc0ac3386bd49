/** From what a relay node hands over to a message, after every check; and what tells copies and messages apart. */
import {
  type DecodedMessage,
  decodeMessage,
  type DecodeOptions,
} from "../dm3/message/decodeMessage.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { sha256Hex, stringify } from "../dm3/stringify.js";
import { isSignpostError } from "../errors.js";
import type { Acknowledgement } from "./relayNodeApi.js";

export interface IncomingMessage extends DecodedMessage {
  /** Of the verified sender and the verified hash: the same for all copies, and for nothing else. */
  readonly id: string;
}

export interface ReadOptions extends Omit<DecodeOptions, "keys"> {
  /** The user's present keys, then earlier ones. */
  readonly keys: readonly MessageKeys[];
}

/**
 * @throws like `decodeMessage`; a postmark that is wrong only takes the time of arrival away, since nobody but the relay
 *   node vouches for that
 */
export async function readIncoming(
  envelope: unknown,
  { keys, ...options }: ReadOptions,
): Promise<IncomingMessage> {
  let first: unknown;
  for (const own of keys) {
    try {
      const decoded = await decodedWith(envelope, { ...options, keys: own });
      return { ...decoded, id: await idOf(decoded, options.contactOf) };
    } catch (error) {
      first ??= error;
      if (!isSignpostError(error, "NOT_FOR_THIS_KEY")) throw error;
    }
  }
  throw first;
}

async function decodedWith(envelope: unknown, options: DecodeOptions): Promise<DecodedMessage> {
  try {
    return await decodeMessage(envelope, options);
  } catch (error) {
    if (!isSignpostError(error, "WRONG_POSTMARK")) throw error;
    return decodeMessage({ ...Object(envelope), postmark: undefined }, options);
  }
}

async function idOf(
  { from, messageHash }: DecodedMessage,
  contactOf: DecodeOptions["contactOf"],
): Promise<string> {
  const contact = await contactOf(from);
  return sha256Hex(stringify([(contact?.address ?? from).toLowerCase(), messageHash]));
}

/** By its bytes, without reading it: the same envelope, fetched again or pushed. Null for what has none. */
export function copyOf(envelope: unknown): string | null {
  try {
    return sha256Hex(JSON.stringify(envelope));
  } catch {
    return null; // nested too deeply
  }
}

/** Null where the envelope claims no hash, so that its relay node cannot be told. */
export function acknowledgementOf({
  claimedHash,
  deliveryInformation,
  from,
}: DecodedMessage): Acknowledgement | null {
  if (claimedHash === null) return null;
  return { contactAddress: deliveryInformation?.from ?? from, messageHash: claimedHash.value };
}
