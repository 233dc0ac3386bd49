/** Lists that the service answers in pages: item by item, or one page alone. */
import { SignpostError } from "../errors.js";

/** What one request brings of a list. */
export interface Page<Item, Place extends string | number> {
  /** None of them may mean that more is to be looked through: the end is told by `next` alone. */
  readonly items: readonly Item[];
  /** Where the next page begins: goes into `after`. Null at the end. */
  readonly next: Place | null;
}

/** A list for `for await`: its pages are read as the loop goes on. */
export interface Listing<Item, Place extends string | number> extends AsyncGenerator<
  Item,
  void,
  undefined
> {
  /** One page alone, the one behind `after`, for whoever shows a list in parts. Each call reads it anew. */
  page(): Promise<Page<Item, Place>>;
}

/** Its loop throws UNREACHABLE when a page leads back to itself, which would never end. */
export function listing<Item, Place extends string | number>(
  after: Place | undefined,
  read: (after: Place | undefined) => Promise<Page<Item, Place>>,
): Listing<Item, Place> {
  return Object.assign(itemsOfPages(after, read), { page: () => read(after) });
}

async function* itemsOfPages<Item, Place extends string | number>(
  after: Place | undefined,
  read: (after: Place | undefined) => Promise<Page<Item, Place>>,
): AsyncGenerator<Item, void, undefined> {
  for (;;) {
    const { items, next } = await read(after);
    yield* items;
    if (next === null) return;
    if (next === after) throw standingStill();
    after = next;
  }
}

function standingStill(): SignpostError {
  const reason = "sent a page that leads to itself";
  return new SignpostError("UNREACHABLE", `The service ${reason}. Try again later.`, {
    reason: `it ${reason}`,
  });
}
