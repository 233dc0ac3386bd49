/** Many names in one request, as the service reads them. */
import { z } from "zod";
import { LONGEST_NAME } from "../ens/dnsName.js";
import { nameInputShape } from "./nameInput.js";

const MOST_ITEMS = 10_000;

export const deletionSchema = z.strictObject({
  name: z.string().max(LONGEST_NAME),
  delete: z.literal(true),
});
export const writeSchema = z.strictObject({
  name: z.string().max(LONGEST_NAME),
  ...nameInputShape,
});

/** The items are looked at one after the other later, so that ten thousand do not hold up everybody else. */
export const batchSchema = z.strictObject({
  atomic: z.boolean(),
  items: z.array(z.unknown()).min(1).max(MOST_ITEMS),
});

const item = z.union([deletionSchema, writeSchema]);

/** The same for the document, with what the items are. */
export const documentedBatchSchema = batchSchema.extend({
  items: z.array(item).min(1).max(MOST_ITEMS),
});
