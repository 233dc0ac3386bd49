/** Whatever keeps values by their keys: IndexedDB, a file, AsyncStorage, or memory. */
export interface KeyValue {
  /** Values are JSON. Null where there is none. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** All that begin with `prefix`, in the order of their keys. */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;
}

/** Lasts as long as the page, or the process that made it. */
export function memoryKeyValue(): KeyValue {
  const values = new Map<string, string>();
  // as text: nobody changes what is kept by changing what was given
  const read = (text: string): unknown => JSON.parse(text);
  return {
    get: (key) => {
      const text = values.get(key);
      return Promise.resolve(text === undefined ? null : read(text));
    },
    set: (key, value) => {
      values.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
    entries: (prefix) =>
      Promise.resolve(
        [...values]
          .filter(([key]) => key.startsWith(prefix))
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([key, text]) => [key, read(text)] as const),
      ),
  };
}
