/** What changed in the domain, page by page, as it comes. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import type { ChangedName, FeedPlace } from "../../registry/feed/changeFeed.js";
import { cursorOfPlace, LONGEST_CURSOR, placeOfCursor } from "../../registry/feed/feedCursor.js";
import { changesPageSchema } from "../../wire/changes.js";
import { type Cursor, fillPage } from "./boundedPage.js";
import { describeName } from "./describeName.js";
import { keyed, type KeyedCall } from "./route.js";

const MOST_CHANGES = 100;
/** Shorter than a process takes to stop, and than proxies wait. */
const LONGEST_WAIT_SEC = 8;
/** So late may a follower that waits learn of a change. */
const LOOK_AGAIN_MS = 500;

export const waitQuery = z.strictObject({
  after: z.string().max(LONGEST_CURSOR).optional(),
  /** So long may the answer wait for a change. */
  waitSec: z.coerce.number().int().min(0).max(LONGEST_WAIT_SEC).default(0),
});

const changesQuery = waitQuery.extend({
  limit: z.coerce.number().int().min(1).max(MOST_CHANGES).default(MOST_CHANGES),
});

type Call = KeyedCall<undefined, z.infer<typeof waitQuery>>;

export const changeRoutes = [
  keyed({
    method: "get",
    path: "/changes",
    scope: "names:read",
    summary:
      "The names that changed behind a place, each as it is now; without `after` all of them. With `waitSec` the answer waits for a change",
    query: changesQuery,
    sendsPage: true,
    answers: { 200: changesPageSchema },
    refusals: ["CURSOR_OUTDATED"],
    waits: untilChanged,
    run: sendChanges,
  }),
];

export function placeOf(cursor: string | undefined): FeedPlace | null {
  if (cursor === undefined) return null;
  const place = placeOfCursor(cursor);
  if (place !== null) return place;
  throw new SignpostError(
    "INVALID_REQUEST",
    "The query: after is no cursor of this feed. Send `next` of an earlier page, or leave it out to begin.",
  );
}

/** Ends early when the client is gone. Whoever has not read the names that are there yet does not wait. */
export async function untilChanged({
  feed,
  key,
  shares,
  tenant,
  response,
  query,
}: Call): Promise<void> {
  const after = placeOf(query.after);
  if (query.waitSec === 0 || after === null || after.name !== null) return;
  const isChanged = async () => {
    await feed.open(key.domain, after);
    return (await feed.nodes(key.domain, after, 1)).nodes.length > 0;
  };
  await shares.withWait(tenant, async () => {
    for (let waitedMs = 0; waitedMs < query.waitSec * 1000; waitedMs += LOOK_AGAIN_MS) {
      if (response.destroyed || (await shares.withPlace(tenant, isChanged))) return;
      await delay(LOOK_AGAIN_MS);
    }
  });
}

async function sendChanges({
  feed,
  key,
  query,
  shares,
  response,
}: KeyedCall<undefined, z.infer<typeof changesQuery>>): Promise<void> {
  const { place, isWhole } = await feed.open(key.domain, placeOf(query.after));
  /** How many of the last piece were asked for, and came. */
  const last = { asked: 0, came: 0 };
  const read = async ({ after, limit }: Cursor<FeedPlace>) => {
    const piece = await feed.read(key.domain, after, limit);
    Object.assign(last, { asked: limit, came: piece.changes.length });
    const items = piece.changes.map((change) => ({
      after: change.place,
      describe: () => describeChange(change),
    }));
    return { items, next: piece.place };
  };
  const page = await fillPage({ after: place, limit: query.limit }, read, shares.pause);
  const next = cursorOfPlace(page.next ?? place);
  const isEnd = last.came < last.asked && isWhole && !page.isCut;
  response
    .type("json")
    .send(`{"changes":[${page.items.join()}],"next":"${next}","isEnd":${isEnd}}`);
}

function describeChange({ place, node, stored, entry }: ChangedName) {
  const name = stored && describeName(stored);
  return { cursor: cursorOfPlace(place), node: toHex(node), name, entry };
}
