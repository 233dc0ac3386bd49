/** Which page of a domain's API keys is wanted. */
import { z } from "zod";

const MOST_KEYS = 100;

/** As the service numbers keys, in decimal; the database's numbers go a little further. */
export const keyId = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/, "must be the number of a key, as the list of keys shows it");

export const keysQuery = z.strictObject({
  after: keyId.optional(),
  limit: z.coerce.number().int().min(1).max(MOST_KEYS).default(MOST_KEYS),
});
