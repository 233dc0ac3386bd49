/** The bodies of dm3's API. Like the reference it ignores fields that it does not know. */
import type { Request } from "express";
import { z } from "zod";
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { parseInput } from "../../wire/parseInput.js";

/** No name that can be stored is longer. */
const name = z.string().min(1).max(LONGEST_NAME);
/** Base64 of 64 bytes has 88 characters. */
const signature = z.string().max(100);

export const addressBody = z.object({
  /** Its own form is checked by the registry. */
  signedUserProfile: z.unknown().optional(),
  address: z.string().max(42),
  subdomain: name,
});

export const nameBody = z.object({ dm3Name: name, addressName: name, signature });

export const deletionBody = z.object({ dm3Name: name, signature });

/** Throws INVALID_REQUEST. */
export function bodyOf<T>(schema: z.ZodType<T>, { body }: Request): T {
  return parseInput(schema, "The body", body ?? {});
}
