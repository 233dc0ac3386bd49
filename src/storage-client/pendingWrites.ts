/** What is to be written into the storage, in its order, on the user's device until the storage has it. */
import type { KeyValue } from "../sending/keyValue.js";

interface About {
  /** As the app or the message names the person. */
  readonly contact: string;
  /** Of the conversation, where that was known: then nobody has to be looked up any more. */
  readonly id?: string;
  /** Conversations that were deleted while nobody knew whose this is: it is given up if it turns out to be of one of them. */
  readonly goneWith?: readonly string[];
}

/** One message of a conversation. */
interface Container extends About {
  readonly messageHash: string;
  /** JSON, not encrypted: this is the user's own device. */
  readonly container: string;
  /** Unix time in milliseconds. */
  readonly createdMs: number;
}

export type Write =
  | ({
      readonly kind: "add";
      readonly isHalted: boolean;
      /** Of a message that the relay nodes keep until it is stored; null for the user's own. */
      readonly incomingId: string | null;
    } & Container)
  | ({ readonly kind: "edit" } & Container)
  /** The person is somebody that the user talks with. */
  | ({ readonly kind: "conversation" } & About)
  | ({ readonly kind: "hide"; readonly isHidden: boolean } & About)
  /** The message is to be gone from all devices. */
  | ({
      readonly kind: "delete message";
      readonly messageHash: string;
      /** The storage's own; null where that is not known. */
      readonly rowId: string | null;
    } & About)
  /** The conversation, with all that is in it. */
  | ({ readonly kind: "delete conversation" } & About)
  /** A halted message can be sent. */
  | ({ readonly kind: "clear"; readonly messageHash: string } & About);

export function isDeletion({ kind }: Write): boolean {
  return kind === "delete message" || kind === "delete conversation";
}

export interface PendingWrite {
  readonly key: string;
  readonly write: Write;
}

export interface PendingWrites {
  /** Returns when it is kept. `done` resolves when it is taken away. */
  add(write: Write): Promise<{ readonly done: Promise<void> }>;
  /** Oldest first. */
  all(): Promise<readonly PendingWrite[]>;
  /** Nothing where it was taken away meanwhile. */
  change(key: string, write: Write): Promise<void>;
  takeAway(key: string): Promise<void>;
  /** Those that are in the store yet. The others were taken away by another page, and are not waited for any more. */
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
  let loading: Promise<void> | null = null;
  let newestMs = 0;

  async function load(): Promise<void> {
    for (const [key, write] of await store.entries(PLACE)) {
      writes.set(key, write as Write);
      // what is written now comes behind it, also where the clock was set back
      newestMs = Math.max(newestMs, Number(key.slice(PLACE.length, PLACE.length + DIGITS)) || 0);
    }
  }

  const isKept = async (key: string) => (await store.get(key)) !== null;

  function gone(key: string): void {
    writes.delete(key);
    whenDone.get(key)?.();
    whenDone.delete(key);
    if (writes.size > 0) return;
    for (const one of waiting.splice(0)) one();
  }

  function loaded(): Promise<void> {
    loading ??= load().catch((error: unknown) => {
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
    async change(key, write) {
      if (!writes.has(key) || !(await isKept(key))) return;
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
        some.map(async (one) => ({ one, isThere: await isKept(one.key) })),
      );
      for (const { one, isThere } of all) if (!isThere) gone(one.key);
      return all.flatMap(({ one, isThere }) => (isThere ? [one] : []));
    },
    async none() {
      await loaded();
      if (writes.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
