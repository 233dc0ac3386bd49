/** What the next signed request for a name has to hold. */
import { resolverSchema } from "./domain.js";
import { flag, type Infer, list, nullable, number, object, text } from "./shape.js";

export const nextRequestSchema = object({
  name: text,
  domain: text,
  owner: nullable(text),
  held: flag,
  suspended: flag,
  /** The one that is due. */
  sequence: number,
  /** Those that answer for the domain; a request is signed for one of them. */
  resolvers: list(resolverSchema),
});

export type NextRequest = Infer<typeof nextRequestSchema>;
