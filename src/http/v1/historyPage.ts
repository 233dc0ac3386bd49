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
    const items = found.slice(0, limit).map(({ entry, hash }) => ({
      after: entry.number,
      describe: () => ({ hash: toHex(hash), entry }),
    }));
    return { items, next: found.length > limit ? (items.at(-1)?.after ?? null) : null };
  };
  await sendPage(response, "entries", query, read, pause);
}
