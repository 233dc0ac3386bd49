/** Many names in one request: what a writer gives, and what the service answers. */
import type { NameContent } from "./nameContent.js";
import { outcomeSchema } from "./outcome.js";
import { refusalSchema } from "./refusal.js";
import { anyOf, list, nullable, object, text } from "./shape.js";

export type BatchItem =
  { readonly name: string; readonly delete: true } | ({ readonly name: string } & NameContent);

/** In the order of the batch. The name of a refused item is null where it does not even have one. */
export const batchResultsSchema = object({
  items: list(anyOf(outcomeSchema, object({ name: nullable(text), error: refusalSchema }))),
});
