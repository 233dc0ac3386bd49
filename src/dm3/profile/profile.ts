/** DM3 profiles, in dm3's spelling, and the rules that we hold them to (the strict side of dm3's schema). */
import * as z from "zod";
import { SignpostError } from "../../errors.js";
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

// Closed like dm3's own schemas: its clients refuse a profile with one field more, so publishing it is no use.
const closed = { error: "must be a JSON object" };

const userProfileSchema = z.strictObject(
  {
    publicEncryptionKey: publicKey,
    publicSigningKey: publicKey,
    deliveryServices: deliveryServiceNames,
  },
  closed,
);

export const signedUserProfileSchema = z.strictObject(
  { profile: userProfileSchema, signature: walletSignature },
  closed,
);

export const deliveryServiceProfileSchema = z.strictObject(
  { publicEncryptionKey: publicKey, publicSigningKey: publicKey, url: deliveryServiceUrl },
  closed,
);

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseUserProfile(json: unknown): UserProfile {
  return parse("user profile", userProfileSchema, json);
}

/**
 * Checks the form only; whose signature it is, `assertSignedBy` tells.
 * @throws INVALID_PROFILE naming the first field that breaks a rule
 */
export function parseSignedUserProfile(json: unknown): SignedUserProfile {
  return parse("signed user profile", signedUserProfileSchema, json);
}

/** @throws INVALID_PROFILE naming the first field that breaks a rule */
export function parseDeliveryServiceProfile(json: unknown): DeliveryServiceProfile {
  return parse("delivery service profile", deliveryServiceProfileSchema, json);
}

function parse<T>(what: string, schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    // Bounded, because the sentence may end up in logs and the field's name came from a stranger.
    const unknownField = [path, issue.keys[0] ?? ""].filter(Boolean).join(".").slice(0, 80);
    throw new SignpostError(
      "INVALID_PROFILE",
      `The ${what} has an unknown field ${JSON.stringify(unknownField)}. Remove it: clients of DM3 refuse profiles with additional fields.`,
      { field: unknownField },
    );
  }
  const where = path === "" ? `The ${what}` : `The field ${path} of the ${what}`;
  throw new SignpostError("INVALID_PROFILE", `${where} ${issue?.message ?? "is malformed"}.`, {
    field: path,
  });
}
