/** A page of a list, of rows of which one more was asked for than there is room for. */
import type { Page } from "../registry/store.js";

/** @param placeOf what `next` says of the last item of the page: the next page begins behind it */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  placeOf: (item: Item) => string,
): Page<Item> {
  const items = rows.slice(0, limit).map(itemOf);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : placeOf(last) };
}
