/**
 * Data keys: random keys of 256 bits that seal values. The database holds them wrapped; a process unwraps each once and
 * keeps it in its memory.
 *
 * The database is asked which one is current before each seal, so that no process goes on with a key that a rotation
 * has retired. All who want to seal while it is being asked share the next question.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { SignpostError } from "../errors.js";
import { KEY_BYTES, takeKey } from "./aesGcm.js";
import type { DataKeyStore, WrappedDataKey } from "./dataKeyStore.js";
import { type DataKey, unreadable } from "./sealedValue.js";
import {
  firstOf,
  keyMissing,
  type WrappingKey,
  wrappingKeyOf,
  type WrappingKeys,
} from "./wrappingKey.js";

export interface DataKeys {
  /**
   * The current key, for `count` seals; made when there is none, or when the former one is full.
   * @throws INVALID_CONFIGURATION when no wrapping key is set, SECRETS_KEY_MISSING when the current key is wrapped by
   *   another, UNREACHABLE when KMS does not answer, SECRET_UNREADABLE, DATABASE_UNAVAILABLE
   */
  toSeal(count: number): Promise<DataKey>;
  /** Null when the database does not hold it. Throws as `toSeal`. */
  toOpen(id: string): Promise<DataKey | null>;
  /** The same, of one that was read just now. */
  open(stored: WrappedDataKey): Promise<DataKey>;
  /** Whether a rotation has dropped it. */
  isDropped(id: string): Promise<boolean>;
  /** Opens all but those that a rotation has left, and makes the first one when there is none. Throws as `toSeal`. */
  check(): Promise<void>;
}

/**
 * GCM breaks when a key uses a nonce twice. Of n random nonces of 96 bits, two are the same with a probability of about
 * n² / 2^97. NIST SP 800-38D allows 2^32 seals, which is 2^-33. After 2^28 the next data key is made, without a
 * rotation: 2^-41, and room for what a restore of an older database forgets of the count.
 */
export const MOST_SEALS = 2n ** 28n;
const MOST_ATTEMPTS = 5;

export function dataKeysOf(store: DataKeyStore, wrappingKeys: WrappingKeys): DataKeys {
  /** Each is unwrapped once; those that failed are tried again. */
  const opened = new Map<string, Promise<DataKey>>();

  function open(stored: WrappedDataKey): Promise<DataKey> {
    const known = opened.get(stored.id);
    if (known !== undefined) return known;
    const opening = unwrapped(stored, wrappingKeys);
    opened.set(stored.id, opening);
    opening.catch(() => opened.delete(stored.id));
    return opening;
  }

  /** Does nothing when another process is faster. */
  async function makeCurrent(count: number): Promise<void> {
    const former = (await store.all()).find(({ state }) => state === "current");
    if (former === undefined) {
      await store.begin(await newDataKey(wrappingKeys));
    } else if (former.seals + BigInt(count) > MOST_SEALS) {
      // who cannot open it has another wrapping key than the others, who could not open the next one
      await open(former);
      await store.succeed(former.id, await newDataKey(wrappingKeys), "full");
    }
  }

  async function current(count: number): Promise<DataKey> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const stored = await store.take(count, MOST_SEALS);
      if (stored !== null) return open(stored);
      await makeCurrent(count);
    }
    throw new SignpostError(
      "INTERNAL",
      "No data key stayed current for long enough to seal with it; please report it.",
    );
  }

  const toSeal = shared(current);

  return {
    toSeal,
    open,
    toOpen: async (id) => {
      const known = opened.get(id);
      if (known !== undefined) return known;
      const stored = await store.ofId(id);
      return stored === null ? null : open(stored);
    },
    isDropped: async (id) => (await store.ofId(id)) === null,
    check: async () => {
      for (const stored of await store.all()) {
        if (stored.state !== "left") await open(stored);
      }
      await toSeal(0);
    },
  };
}

/** While one question is under way, all that come are added up and asked together after it. */
function shared<Answer>(
  ask: (count: number) => Promise<Answer>,
): (count: number) => Promise<Answer> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: { count: number; readonly answer: Promise<Answer> } | null = null;
  return (count) => {
    if (next === null) {
      const answer = underWay.then(() => {
        const total = next?.count ?? 0;
        next = null;
        return ask(total);
      });
      underWay = answer.catch(() => undefined);
      next = { count: 0, answer };
    }
    next.count += count;
    return next.answer;
  };
}

async function unwrapped(stored: WrappedDataKey, wrappingKeys: WrappingKeys): Promise<DataKey> {
  const { id, wrappingKey, wrapped } = stored;
  const by = await wrappingKeyOf(wrappingKeys, wrappingKey);
  if (by === null) throw keyMissing(wrappingKey, id);
  const bytes = await by.unwrap(wrapped, id);
  if (bytes?.length !== KEY_BYTES) throw unreadable("data key", id);
  return { id, key: takeKey(bytes) };
}

/** A random one, wrapped by the first of `wrappingKeys`. Throws INVALID_CONFIGURATION, UNREACHABLE. */
export async function newDataKey(wrappingKeys: WrappingKeys): Promise<WrappedDataKey> {
  const bytes = randomBytes(KEY_BYTES);
  try {
    return await wrappedBy(firstOf(wrappingKeys), randomUUID(), bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Throws UNREACHABLE. */
export async function wrappedBy(
  by: WrappingKey,
  id: string,
  bytes: Uint8Array,
): Promise<WrappedDataKey> {
  return { id, wrappingKey: await by.id(), wrapped: await by.wrap(bytes, id) };
}
