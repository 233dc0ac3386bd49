/** An envelope as this relay node serves it: readable by clients of either kind, and still provable. */
import type { DeliveryInformation } from "../dm3/message/deliveryInformation.js";
import type { SubmittedEnvelope } from "../dm3/message/envelope.js";
import { KEPT_DELIVERY_INFORMATION } from "../dm3/message/fetchedEnvelope.js";

/**
 * As JSON. The hash stands under both of its names with the one value that was sent, because dm3's web client takes all
 * messages without `messageHash` for one. The delivery information is readable, as clients want it; the encrypted one, which
 * the sender signed, stands beside it.
 *
 * @param deliveryInformation with `from` in normal form, by which clients group and acknowledge
 */
export function servedEnvelope(
  { message, metadata, claimedHash }: SubmittedEnvelope,
  deliveryInformation: DeliveryInformation,
  postmark: string,
): string {
  return JSON.stringify({
    message,
    metadata: {
      ...metadata,
      deliveryInformation,
      [KEPT_DELIVERY_INFORMATION]: metadata.deliveryInformation,
      messageHash: claimedHash.value,
      encryptedMessageHash: claimedHash.value,
    },
    postmark,
  });
}
