/**
 * Rotation: a new data key, and every value sealed anew by it, while others read and write. A value is exchanged only
 * if it still is what was read, so no write is lost; a data key is dropped only when the database finds no value that
 * needs it. After a kill at any moment, the next rotation goes on where this one was; two at a time share the work.
 */
import { newDataKey } from "./dataKeys.js";
import type { DataKeyStore, StoredDataKey } from "./dataKeyStore.js";
import { moveAll } from "./moveValues.js";
import { openAll, rewrapAll, type RewrapParts, type Unopenable } from "./rewrap.js";
import type { SealedRows } from "./sealedRows.js";
import type { DataKey } from "./sealedValue.js";
import { type UnreadableRows, withValuesOf } from "./unreadableRows.js";

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
  /**
   * Ids of those that this rotation left: something still needs them that it could not move, an unreadable value or a
   * column that this process does not know; or they cannot be opened.
   */
  readonly left: readonly string[];
  /** Ids of those that were left before, still cannot be opened, and are still needed. */
  readonly leftBefore: readonly string[];
  readonly unreadable: UnreadableRows;
}

/**
 * @throws INVALID_CONFIGURATION when no wrapping key is set, SECRETS_KEY_MISSING and SECRET_UNREADABLE when a data key
 *   cannot be opened, was not left before, and such are refused; UNREACHABLE and DATABASE_UNAVAILABLE, after which the
 *   next rotation goes on
 */
export async function rotate(
  parts: RotationParts,
  unopenable: Unopenable,
): Promise<RotationReport> {
  const { store, dataKeys, columns } = parts;
  for (const rows of columns) await rows.assertGuarded();
  await store.assertKept();
  const { rewrapped } = await rewrapAll(parts, unopenable);
  const { from, lost, lostBefore } = await retire(parts, unopenable);
  const retiring = [...from.keys()];

  let moved = 0;
  const moving = {
    dataKeys,
    columns,
    from,
    onMoved: (count: number) => {
      moved += count;
      parts.onProgress?.(moved);
    },
  };
  let unreadable = await moveAll(moving);
  let needed = await dropUnused(store, retiring);
  for (let before = -1; needed.length > 0 && moved > before;) {
    // between the last look and the drop, a slow writer may have brought a value that it had sealed before
    before = moved;
    unreadable = await moveAll(moving);
    needed = await dropUnused(store, needed);
  }
  for (const id of needed) await store.leave(id);
  // of the lost ones nothing can be moved, but the secrets that needed them may have been set anew
  const left = idsOf((await store.all()).filter(({ state }) => state === "left"));
  const kept = await dropUnused(store, [...new Set([...needed, ...left])]);
  return {
    rewrapped,
    moved,
    dropped: [...new Set([...retiring, ...left])].filter((id) => !kept.includes(id)),
    left: kept.filter((id) => !lostBefore.includes(id)),
    leftBefore: kept.filter((id) => lostBefore.includes(id)),
    unreadable: await withValuesOf(lost, columns, unreadable),
  };
}

interface Retired {
  /** The retiring data keys, by their ids: those that a rotation before this one did not get rid of, or else all. */
  readonly from: ReadonlyMap<string, DataKey>;
  /** Ids of those that cannot be opened. */
  readonly lost: readonly string[];
  /** Ids of those among them that were left before. */
  readonly lostBefore: readonly string[];
}

/**
 * Those that cannot be opened never are current or retiring for longer than a moment: a capability opens those when it
 * starts, and a rotation seals by the current one.
 */
async function retire(
  { store, dataKeys, wrappingKeys }: RotationParts,
  unopenable: Unopenable,
): Promise<Retired> {
  const all = await store.all();
  const { lost } = await openAll(dataKeys, all, unopenable);
  if (all.length > 0 && !all.some(isRetiring)) {
    // another rotation may be faster: then this one goes on with that one's
    await store.retireAll(await newDataKey(wrappingKeys), idsOf(lost));
  }
  const now = await openAll(dataKeys, await store.all(), unopenable);
  for (const { id, state } of now.lost) {
    // of a rotation before this one, which was interrupted; or of another one, with other wrapping keys
    if (state === "current") await store.succeed(id, await newDataKey(wrappingKeys), "left");
    else await store.leave(id);
  }
  const retiring = now.opened.filter(({ stored }) => isRetiring(stored));
  return {
    from: new Map(retiring.map(({ dataKey }) => [dataKey.id, dataKey])),
    lost: idsOf(now.lost),
    lostBefore: idsOf(lost.filter(({ state }) => state === "left")),
  };
}

/** Returns those that a value still needs. */
async function dropUnused(store: DataKeyStore, ids: readonly string[]): Promise<readonly string[]> {
  const needed: string[] = [];
  for (const id of ids) {
    if (!(await store.drop(id))) needed.push(id);
  }
  return needed;
}

function isRetiring({ state }: StoredDataKey): boolean {
  return state === "retiring";
}

function idsOf(dataKeys: readonly StoredDataKey[]): readonly string[] {
  return dataKeys.map(({ id }) => id);
}
