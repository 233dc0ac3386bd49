/** Many names in one request. */
import { z } from "zod";
import { type NameContent, nameInputShape } from "./nameInput.js";
import { outcomeSchema } from "./outcome.js";
import { refusalSchema } from "./refusal.js";

const MOST_ITEMS = 10_000;

export const deletionSchema = z.strictObject({
  name: z.string().max(255),
  delete: z.literal(true),
});
export const writeSchema = z.strictObject({ name: z.string().max(255), ...nameInputShape });

/** The items are looked at one after the other later, so that ten thousand do not hold up everybody else. */
export const batchSchema = z.strictObject({
  atomic: z.boolean(),
  items: z.array(z.unknown()).min(1).max(MOST_ITEMS),
});

/** The same for the document, with what the items are. */
export const documentedBatchSchema = batchSchema.extend({
  items: z
    .array(z.union([deletionSchema, writeSchema]))
    .min(1)
    .max(MOST_ITEMS),
});

/** In the order of the batch. The name of a refused item is null where it does not even have one. */
export const batchResultsSchema = z.strictObject({
  items: z.array(
    z.union([outcomeSchema, z.strictObject({ name: z.string().nullable(), error: refusalSchema })]),
  ),
});

export type BatchItem = z.input<typeof deletionSchema> | ({ readonly name: string } & NameContent);
