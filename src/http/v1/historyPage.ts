/** A page of a name's history, as JSON. */
import type { Response } from "express";
import { toHex } from "../../abi/hex.js";
import { namehash } from "../../ens/namehash.js";
import type { Pause } from "../../registry/changes/clock.js";
import type { NameStore } from "../../registry/store.js";
import { type Cursor, sendPage } from "./boundedPage.js";

export async function sendHistory(
  response: Response,
  names: NameStore,
  name: string,
  query: Cursor<number>,
  pause: Pause,
): Promise<void> {
  const node = namehash(name);
  const read = async ({ after, limit }: Cursor<number>) => {
    const found = await names.historyOf(node, after, limit + 1);
    const entries = found.slice(0, limit);
    return {
      items: entries.map(({ entry, hash }) => ({
        shown: { hash: toHex(hash), entry },
        after: entry.number,
      })),
      next: found.length > limit ? (entries.at(-1)?.entry.number ?? null) : null,
    };
  };
  await sendPage(response, "entries", query, read, pause);
}
