/** Numbers as a publisher takes them. */
import type { Sample } from "./publish.js";

/** None where it is not known. */
export function known(value: number | null): readonly Sample[] {
  return value === null ? [] : [{ value }];
}

/** One for each of what was counted apart. */
export function* labelled(label: string, counts: ReadonlyMap<string, number>): Generator<Sample> {
  for (const [value, count] of counts) yield { labels: { [label]: value }, value: count };
}

export function add<Key>(counts: Map<Key, number>, key: Key, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}
