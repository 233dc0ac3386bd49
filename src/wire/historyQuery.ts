/** Which page of a name's history is wanted. */
import { z } from "zod";

const MOST_ENTRIES = 100;

export const historyQuery = z.strictObject({
  /** The number of the entry before the first one that is wanted. */
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(MOST_ENTRIES).default(MOST_ENTRIES),
});
