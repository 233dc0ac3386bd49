/** A page of a name's history, as JSON. */
import type { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { namehash } from "../../ens/namehash.js";
import type { NameStore } from "../../registry/store.js";
import type { historyQuery } from "../../wire/historyQuery.js";

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
