/** A page of a name's history; registry/history.ts draws the entries and their hashes. */
import { z } from "zod";

const MOST_ENTRIES = 100;

export const historyQuery = z.strictObject({
  /** The number of the entry before the first one that is wanted. */
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(MOST_ENTRIES).default(MOST_ENTRIES),
});

export const historyPageSchema = z.strictObject({
  entries: z.array(
    z.strictObject({
      hash: z.string(),
      entry: z.strictObject({
        form: z.literal(1),
        name: z.string(),
        number: z.number(),
        previous: z.string(),
        /** Unix time in milliseconds. */
        atMs: z.number(),
        authority: z.looseObject({
          kind: z.enum(["service", "admin", "owner", "writer", "dm3", "database"]),
        }),
        operation: z.string(),
        change: z.looseObject({}),
        before: z.string(),
        after: z.string(),
      }),
    }),
  ),
  next: z.number().nullable(),
});

/** An entry with its hash, 0x hex of 32 bytes. */
export type HistoryItem = z.infer<typeof historyPageSchema>["entries"][number];
