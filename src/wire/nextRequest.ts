/** What the next signed request for a name has to hold. */
import { z } from "zod";
import { resolverSchema } from "./domain.js";

export const nextRequestSchema = z.strictObject({
  name: z.string(),
  domain: z.string(),
  owner: z.string().nullable(),
  held: z.boolean(),
  suspended: z.boolean(),
  /** The one that is due. */
  sequence: z.number(),
  /** Those that answer for the domain; a request is signed for one of them. */
  resolvers: z.array(resolverSchema),
});

export type NextRequest = z.infer<typeof nextRequestSchema>;
