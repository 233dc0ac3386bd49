/**
 * Secrets at rest, for a capability that keeps some: how they are written and read. The SQL stays the capability's own;
 * here is what happens around it, while a rotation may exchange the key at any moment.
 */
import type { DataKeys } from "./dataKeys.js";
import type { Place } from "./place.js";
import { dataKeyIdOf, seal, unreadable, unseal } from "./sealedValue.js";

export interface Secrets {
  /**
   * Seals `secret` and has `store` write it; returns what that returns. `store` is called again, with other bytes, when
   * a rotation dropped the key in between: let it be one statement or one transaction.
   * @throws as `DataKeys.toSeal`, and what `store` throws
   */
  write<Result>(
    place: Place,
    secret: Uint8Array,
    store: (sealed: Uint8Array) => Promise<Result>,
  ): Promise<Result>;
  /**
   * The secret that `load` reads, null for null. Whoever is done with it fills it with zeros. `load` is called again
   * when a rotation moved the value in between.
   * @throws as `DataKeys.toOpen`, SECRET_UNREADABLE, and what `load` throws
   */
  read(place: Place, load: () => Promise<Uint8Array | null>): Promise<Uint8Array | null>;
  /**
   * For the start of a capability that keeps secrets: whether it could write one now, and read those that are there.
   * Throws as `DataKeys.toSeal`.
   */
  check(): Promise<void>;
}

/** A rotation takes longer than a write or a read: with two of them in between, it is another trouble. */
const MOST_ATTEMPTS = 3;

export function secretsOf(dataKeys: DataKeys): Secrets {
  return {
    write: async (place, secret, store) => {
      for (let attempt = 1; ; attempt++) {
        const dataKey = await dataKeys.toSeal(1);
        try {
          return await store(seal(dataKey, place, secret));
        } catch (error) {
          const isDropped = await dataKeys.isDropped(dataKey.id).catch(() => false);
          if (!isDropped || attempt === MOST_ATTEMPTS) throw error;
        }
      }
    },

    read: async (place, load) => {
      for (let attempt = 1; ; attempt++) {
        const sealed = await load();
        if (sealed === null) return null;
        const id = dataKeyIdOf(sealed);
        const dataKey = await dataKeys.toOpen(id);
        if (dataKey !== null) return unseal(dataKey, place, sealed);
        if (attempt === MOST_ATTEMPTS) throw unreadable("unknown data key", id);
      }
    },

    check: () => dataKeys.check(),
  };
}
