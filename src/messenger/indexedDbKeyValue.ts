import { SignpostError } from "../errors.js";
import type { KeyValue } from "../sending/keyValue.js";

const STORE = "values";

/**
 * Values in the browser's IndexedDB: they outlast the page. Opened with the first use.
 *
 * Its functions throw INVALID_CONFIGURATION where the browser has none, or does not let it be used.
 * @param name of the database; one for each user
 */
export function indexedDbKeyValue(
  name: string,
  factory: IDBFactory = globalThis.indexedDB,
): KeyValue {
  let opening: Promise<IDBDatabase> | null = null;

  async function inStore<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    opening ??= open(factory, name);
    const database = await opening.catch((cause: unknown) => {
      opening = null;
      throw unusable(cause);
    });
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      const fail = () => {
        reject(unusable(transaction.error ?? request.error));
      };
      // only what is committed is kept
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onabort = fail;
      transaction.onerror = fail;
    });
  }

  return {
    get: async (key) => (await inStore<unknown>("readonly", (store) => store.get(key))) ?? null,
    set: async (key, value) => {
      await inStore("readwrite", (store) => store.put(value, key));
    },
    delete: async (key) => {
      await inStore("readwrite", (store) => store.delete(key));
    },
    entries: async (prefix) => {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      // both in one transaction's order; keys first, so that each value is asked by its own
      const keys = await inStore("readonly", (store) => store.getAllKeys(range));
      const values = await Promise.all(
        keys.map((key) => inStore<unknown>("readonly", (store) => store.get(key))),
      );
      return keys.flatMap((key, index) =>
        typeof key !== "string" || values[index] === undefined
          ? []
          : [[key, values[index]] as const],
      );
    },
  };
}

function open(factory: IDBFactory | undefined, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (factory === undefined) throw new Error("no IndexedDB");
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("not opened"));
    };
  });
}

function unusable(cause: unknown): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    "IndexedDB cannot be used here. Give createMessenger another store, or none to keep messages in memory.",
    {},
    { cause },
  );
}
