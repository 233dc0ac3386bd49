/** What is to be written into the storage, in its order, on the user's device until the storage has it. */
import type { KeyValue } from "../sending/keyValue.js";
import type { Write } from "./write.js";

export interface PendingWrite {
  readonly key: string;
  readonly write: Write;
}

export interface PendingWrites {
  /** Returns when it is kept. `done` resolves when it is taken away. */
  add(write: Write): Promise<{ readonly done: Promise<void> }>;
  /** Oldest first, as far as this page knows. */
  all(): Promise<readonly PendingWrite[]>;
  /** Takes up what other pages over the store left there since, also closed ones. */
  look(): Promise<void>;
  /** Nothing where it was taken away meanwhile. */
  change(key: string, write: Write): Promise<void>;
  takeAway(key: string): Promise<void>;
  /**
   * Those that are in the store yet, as they are there: another page may have changed them. The others were taken away by one, and are not
   * waited for any more.
   */
  kept(writes: readonly PendingWrite[]): Promise<readonly PendingWrite[]>;
  /** Resolves when there is none. */
  none(): Promise<void>;
}

export interface PendingWritesParts {
  readonly store: KeyValue;
  readonly nowMs: () => number;
  /** Another text for each page over one store, so that none writes over what another one wrote. */
  readonly instance: string;
  /** Told after one was kept. */
  readonly onAdded: () => void;
}

const PLACE = "storage/write/";
const DIGITS = 16;

export function createPendingWrites(parts: PendingWritesParts): PendingWrites {
  const { store, nowMs, instance } = parts;
  const writes = new Map<string, Write>();
  const whenDone = new Map<string, () => void>();
  const waiting: (() => void)[] = [];
  let loading: Promise<unknown> | null = null;
  let newestMs = 0;

  /** Returns whether there was any that was not known. */
  async function read(): Promise<boolean> {
    const known = writes.size;
    for (const [key, write] of await store.entries(PLACE)) {
      if (!writes.has(key)) writes.set(key, write as Write);
      // what is written now comes behind it, also where the clock was set back
      newestMs = Math.max(newestMs, Number(key.slice(PLACE.length, PLACE.length + DIGITS)) || 0);
    }
    return writes.size > known;
  }

  function gone(key: string): void {
    writes.delete(key);
    whenDone.get(key)?.();
    whenDone.delete(key);
    if (writes.size > 0) return;
    for (const one of waiting.splice(0)) one();
  }

  function loaded(): Promise<unknown> {
    loading ??= read().catch((error: unknown) => {
      loading = null; // the next one may find what could not be read
      throw error;
    });
    return loading;
  }

  return {
    async add(write) {
      await loaded();
      newestMs = Math.max(nowMs(), newestMs + 1);
      const key = `${PLACE}${String(newestMs).padStart(DIGITS, "0")}-${instance}`;
      await store.set(key, write);
      const done = new Promise<void>((resolve) => whenDone.set(key, resolve));
      writes.set(key, write);
      parts.onAdded();
      return { done };
    },
    async all() {
      await loaded();
      return [...writes]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, write]) => ({ key, write }));
    },
    async look() {
      await loaded();
      if (await read()) parts.onAdded();
    },
    async change(key, write) {
      if (!writes.has(key) || (await store.get(key)) === null) return;
      writes.set(key, write);
      await store.set(key, write);
      // taken away while it was being kept
      if (!writes.has(key)) await store.delete(key);
    },
    async takeAway(key) {
      await store.delete(key);
      gone(key);
    },
    async kept(some) {
      const all = await Promise.all(
        some.map(async ({ key }) => ({ key, stored: await store.get(key) })),
      );
      for (const { key, stored } of all) if (stored === null) gone(key);
      return all.flatMap(({ key, stored }) =>
        stored === null ? [] : [{ key, write: stored as Write }],
      );
    },
    async none() {
      await loaded();
      if (writes.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
