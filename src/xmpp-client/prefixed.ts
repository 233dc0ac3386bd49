import type { KeyValue } from "../sending/keyValue.js";

/** A part of a store, so that a messenger of another kind may have the rest. */
export function prefixed(store: KeyValue, prefix: string): KeyValue {
  return {
    get: (key) => store.get(prefix + key),
    set: (key, value) => store.set(prefix + key, value),
    delete: (key) => store.delete(prefix + key),
    entries: async (begin) =>
      (await store.entries(prefix + begin)).map(
        ([key, value]) => [key.slice(prefix.length), value] as const,
      ),
  };
}
