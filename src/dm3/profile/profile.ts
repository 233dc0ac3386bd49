/** DM3 profiles, in dm3's spelling, and the rules that we hold them to (the strict side of dm3's schema). */
import { closedObject, document, type Field } from "./closedObject.js";
import {
  deliveryServiceNames,
  deliveryServiceUrl,
  publicKey,
  walletSignature,
} from "./profileFields.js";

export interface UserProfile {
  /** X25519, base64 of 32 bytes. */
  readonly publicEncryptionKey: string;
  /** Ed25519, base64 of 32 bytes. */
  readonly publicSigningKey: string;
  /** ENS names of the user's relay nodes, the preferred one first. */
  readonly deliveryServices: readonly string[];
}

export interface SignedUserProfile {
  readonly profile: UserProfile;
  /** EIP-191 signature of the user's wallet over `profileCreationMessage`, `0x` hex of 65 bytes. */
  readonly signature: string;
}

/** What a relay node publishes under its own name. Unsigned: whoever owns the name vouches for it. */
export interface DeliveryServiceProfile {
  /** X25519, base64 of 32 bytes. */
  readonly publicEncryptionKey: string;
  /** Ed25519, base64 of 32 bytes. */
  readonly publicSigningKey: string;
  /** Where the relay node answers: absolute https URL. */
  readonly url: string;
}

const userProfile = (field: Field): UserProfile =>
  closedObject<UserProfile>(field, {
    publicEncryptionKey: publicKey,
    publicSigningKey: publicKey,
    deliveryServices: deliveryServiceNames,
  });

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseUserProfile(json: unknown): UserProfile {
  return userProfile(document("user profile", json));
}

/**
 * Checks the form only; whose signature it is, `assertSignedBy` tells.
 * @throws INVALID_PROFILE naming the first field that breaks a rule
 */
export function parseSignedUserProfile(json: unknown): SignedUserProfile {
  return closedObject<SignedUserProfile>(document("signed user profile", json), {
    profile: userProfile,
    signature: walletSignature,
  });
}

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseDeliveryServiceProfile(json: unknown): DeliveryServiceProfile {
  return closedObject<DeliveryServiceProfile>(document("delivery service profile", json), {
    publicEncryptionKey: publicKey,
    publicSigningKey: publicKey,
    url: deliveryServiceUrl,
  });
}
