/** A page of a name's history, as JSON. */
import { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { namehash } from "../../ens/namehash.js";
import type { NameStore } from "../../registry/store.js";

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
        atMs: z.number(),
        authority: z.looseObject({
          kind: z.enum(["service", "admin", "owner", "dm3", "database"]),
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

export async function readHistory(
  names: NameStore,
  name: string,
  { after, limit }: z.infer<typeof historyQuery>,
) {
  const found = await names.historyOf(namehash(name), after, limit + 1);
  const entries = found.slice(0, limit);
  return {
    entries: entries.map(({ entry, hash }) => ({ hash: toHex(hash), entry })),
    next: found.length > limit ? (entries.at(-1)?.entry.number ?? null) : null,
  };
}
