/** Pages, read one after the other as their items are asked for. */
import { SignpostError } from "../errors.js";

interface Page<Item, Place> {
  readonly items: readonly Item[];
  /** Where the next page begins; null at the end. */
  readonly next: Place | null;
}

/** Every item behind `after`. Throws UNREACHABLE when a page leads back to itself, which would never end. */
export async function* itemsOfPages<Item, Place extends string | number>(
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
