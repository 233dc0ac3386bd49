/** A name as a service writes it: any of its parts at once. */
import { z } from "zod";
import { ownRecordsSchema } from "./ownRecordsSchema.js";

export const address = z.string().max(42);

/** Its own form is checked, and explained, by the registry. */
const foreignJson = (what: string) =>
  z.custom<unknown>((given) => given !== undefined, `is missing: give ${what}`);

export const nameInputShape = {
  /** With signedUserProfile: the wallet that signed it. */
  address: address.optional(),
  signedUserProfile: z.unknown().optional(),
  records: ownRecordsSchema.optional(),
  relayNode: z.unknown().optional(),
};

export const nameInputSchema = z.strictObject(nameInputShape);

export type NameInput = z.infer<typeof nameInputSchema>;

/** A profile with the wallet (0x hex) that signed it. */
export const publicationSchema = z.strictObject({
  address,
  signedUserProfile: foreignJson("{profile, signature}"),
});
