/** What the keys of this installation's secrets are, for the operator. Opens no data key. */
import { isSignpostError } from "../errors.js";
import type { DataKeyState, StoredDataKey } from "./dataKeyStore.js";
import { nameOfColumn } from "./place.js";
import type { SealedRows } from "./sealedRows.js";
import type { WrappingKeys } from "./wrappingKey.js";

export interface SealingStatus {
  readonly wrappingKeys: readonly WrappingKeyStatus[];
  readonly dataKeys: readonly DataKeyStatus[];
}

export interface WrappingKeyStatus {
  /** Null where KMS did not say. */
  readonly id: string | null;
  readonly description: string;
  /** Why KMS did not say; null where it did. */
  readonly trouble: string | null;
  /** How many data keys it wraps. */
  readonly dataKeys: number;
}

export interface DataKeyStatus {
  readonly id: string;
  readonly state: DataKeyState;
  readonly wrappingKey: string;
  /** Whether the settings name its wrapping key; null where that could not be found out. */
  readonly isHere: boolean | null;
  readonly seals: bigint;
  readonly createdMs: number;
  /** How many values it has sealed that are there now, by `<capability>.<table>.<column>`; those with none left out. */
  readonly values: Readonly<Record<string, number>>;
}

/** Throws DATABASE_UNAVAILABLE. A KMS that does not answer is part of the status. */
export async function sealingStatus(
  stored: readonly StoredDataKey[],
  wrappingKeys: WrappingKeys,
  columns: readonly SealedRows[],
): Promise<SealingStatus> {
  const keys = await Promise.all(
    wrappingKeys.map(async (key) => {
      const { id, trouble } = await idOrTrouble(key.id());
      const dataKeys = stored.filter(({ wrappingKey }) => wrappingKey === id).length;
      return { id, description: key.description, trouble, dataKeys };
    }),
  );
  const counts = await Promise.all(
    columns.map(async (rows) => ({ name: nameOfColumn(rows.column), values: await rows.count() })),
  );
  return {
    wrappingKeys: keys,
    dataKeys: stored.map(({ id, state, wrappingKey, seals, createdMs }) => ({
      ...{ id, state, wrappingKey, seals, createdMs },
      isHere: isAmong(wrappingKey, keys),
      values: Object.fromEntries(
        counts.flatMap(({ name, values }) => {
          const count = values.get(id);
          return count === undefined ? [] : [[name, count]];
        }),
      ),
    })),
  };
}

function isAmong(id: string, keys: readonly WrappingKeyStatus[]): boolean | null {
  if (keys.some((key) => key.id === id)) return true;
  return keys.some((key) => key.id === null) ? null : false;
}

async function idOrTrouble(
  answer: Promise<string>,
): Promise<{ readonly id: string | null; readonly trouble: string | null }> {
  try {
    return { id: await answer, trouble: null };
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return { id: null, trouble: error.message };
  }
}
