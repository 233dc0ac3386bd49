import { randomFillSync } from "node:crypto";

/** Each order is as likely as any other. */
export function inRandomOrder<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length < 2) return items;
  const random = randomFillSync(new Uint32Array(items.length));
  return items
    .map((item, index) => ({ item, place: random[index] ?? 0 }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
