/**
 * Profiles as the text records that we publish: the form that dm3's own reader understands. `parseRecord.ts`
 * is the other direction, and accepts more.
 */
import { encodeBase64 } from "../base64.js";
import { stringify } from "../stringify.js";
import {
  type DeliveryServiceProfile,
  parseDeliveryServiceProfile,
  parseSignedUserProfile,
  type SignedUserProfile,
} from "./profile.js";

/** Text record (ENSIP-5) of a user's signed profile. */
export const DM3_PROFILE_KEY = "network.dm3.profile";
/** Text record of a relay node's profile. */
export const DM3_DELIVERY_SERVICE_KEY = "network.dm3.deliveryService";

/**
 * The text for `network.dm3.profile`.
 * @throws INVALID_PROFILE for a profile that no reader would accept
 */
export function encodeProfileRecord(signedUserProfile: SignedUserProfile): string {
  return encodeDataUri(parseSignedUserProfile(signedUserProfile));
}

/**
 * The text for `network.dm3.deliveryService`.
 * @throws INVALID_PROFILE for a profile that no reader would accept
 */
export function encodeDeliveryServiceRecord(profile: DeliveryServiceProfile): string {
  return encodeDataUri(parseDeliveryServiceProfile(profile));
}

/** The text for JSON that was a profile before. */
export function encodeDataUri(json: object): string {
  const text = stringify(json);
  const utf8 = new TextEncoder().encode(text);
  // dm3's reader takes each character of the URI for one byte, so anything beyond ASCII arrives corrupted
  // unless it is in base64; and it does not know percent encoding.
  return utf8.length === text.length
    ? `data:application/json,${text}`
    : `data:application/json;base64,${encodeBase64(utf8)}`;
}
