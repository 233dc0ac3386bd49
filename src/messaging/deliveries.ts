/** What waits in a mailbox, as a network is given it. */
import type { NativeAddress } from "./address/nativeAddress.js";
import { asciiJson } from "./asciiJson.js";
import { envelopeHash } from "./envelopeHash.js";
import type { Delivery, EnvelopeHash } from "./network.js";
import type { Unconfirmed } from "./store.js";

export function deliveryOf(
  to: NativeAddress,
  { number, senderName, envelope }: Unconfirmed,
): Delivery {
  const text = asciiJson(envelope);
  return { to, from: senderName, envelope: text, hash: envelopeHash(text), number };
}

/** @param envelope as the relay node serves it */
export const hashOfServed = (envelope: string): EnvelopeHash => envelopeHash(asciiJson(envelope));
