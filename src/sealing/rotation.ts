/**
 * Rotation: a new data key, and every value sealed anew by it, while others read and write. A value is exchanged only
 * if it still is what was read, so no write is lost; a data key is dropped only when the database finds no value that
 * needs it. After a kill at any moment, the next rotation goes on where this one was; two at a time share the work.
 */
import { newDataKey } from "./dataKeys.js";
import type { DataKeyStore, StoredDataKey } from "./dataKeyStore.js";
import { moveAll, type UnreadableRows } from "./moveValues.js";
import { openable, rewrapAll, type RewrapParts, type Unopenable } from "./rewrap.js";
import type { SealedRows } from "./sealedRows.js";

export interface RotationParts extends RewrapParts {
  /** Every column of every capability that this process knows. */
  readonly columns: readonly SealedRows[];
  /** Told now and then how many values were moved so far. */
  readonly onProgress?: (moved: number) => void;
}

export interface RotationReport {
  /** How many data keys were wrapped anew. */
  readonly rewrapped: number;
  /** How many values this rotation sealed anew. */
  readonly moved: number;
  /** Ids of the data keys that are gone. */
  readonly dropped: readonly string[];
  /** Ids of those that something still needs: an unreadable value, or a column that this process does not know. */
  readonly left: readonly string[];
  readonly unreadable: UnreadableRows;
}

/**
 * @throws INVALID_CONFIGURATION when no wrapping key is set, SECRETS_KEY_MISSING and SECRET_UNREADABLE when a data key
 *   cannot be opened and such are refused; UNREACHABLE and DATABASE_UNAVAILABLE, after which the next rotation goes on
 */
export async function rotate(
  parts: RotationParts,
  unopenable: Unopenable,
): Promise<RotationReport> {
  const { store, dataKeys, columns } = parts;
  for (const rows of columns) await rows.assertGuarded();
  await store.assertKept();
  const rewrapped = await rewrapAll(parts, unopenable);
  const retiring = await retire(parts);
  const opened = await openable(dataKeys, retiring, unopenable);

  let moved = 0;
  const moving = {
    dataKeys,
    columns,
    from: new Map(opened.map(({ dataKey }) => [dataKey.id, dataKey])),
    onMoved: (count: number) => {
      moved += count;
      parts.onProgress?.(moved);
    },
  };
  let unreadable = await moveAll(moving);
  let left = await dropUnused(store, retiring);
  for (let before = -1; left.length > 0 && moved > before;) {
    // between the last look and the drop, a slow writer may have brought a value that it had sealed before
    before = moved;
    unreadable = await moveAll(moving);
    left = await dropUnused(store, left);
  }
  for (const { id } of left) await store.leave(id);
  const dropped = retiring.filter((dataKey) => !left.includes(dataKey));
  return { rewrapped, moved, dropped: idsOf(dropped), left: idsOf(left), unreadable };
}

/** Those that a rotation before this one did not get rid of, or else all that there are. */
async function retire({ store, wrappingKeys }: RotationParts): Promise<readonly StoredDataKey[]> {
  const all = await store.all();
  if (all.length > 0 && !all.some(isRetiring)) {
    // another rotation may be faster: then this one goes on with that one's
    await store.retireAll(await newDataKey(wrappingKeys));
  }
  return (await store.all()).filter(isRetiring);
}

/** Returns those that a value still needs. */
async function dropUnused(
  store: DataKeyStore,
  dataKeys: readonly StoredDataKey[],
): Promise<readonly StoredDataKey[]> {
  const needed: StoredDataKey[] = [];
  for (const dataKey of dataKeys) {
    if (!(await store.drop(dataKey.id))) needed.push(dataKey);
  }
  return needed;
}

function isRetiring({ state }: StoredDataKey): boolean {
  return state === "retiring";
}

function idsOf(dataKeys: readonly StoredDataKey[]): readonly string[] {
  return dataKeys.map(({ id }) => id);
}
