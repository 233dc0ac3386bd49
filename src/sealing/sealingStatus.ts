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

/** "unknown" while KMS does not answer, "gone" where its file or its key in KMS is not there or cannot be used. */
export type Presence = "here" | "unknown" | "gone";

export interface WrappingKeyStatus {
  /** Null where it is not here. */
  readonly id: string | null;
  readonly description: string;
  readonly presence: Presence;
  /** Why it is not here; null where it is. */
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

/** Throws DATABASE_UNAVAILABLE. A key that is not here is part of the status. */
export async function sealingStatus(
  stored: readonly StoredDataKey[],
  wrappingKeys: WrappingKeys,
  columns: readonly SealedRows[],
): Promise<SealingStatus> {
  const keys = await Promise.all(
    wrappingKeys.map(async (key) => {
      const { id, presence, trouble } = await presenceOf(key.id());
      const dataKeys = stored.filter(({ wrappingKey }) => wrappingKey === id).length;
      return { id, description: key.description, presence, trouble, dataKeys };
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
  return keys.some(({ presence }) => presence === "unknown") ? null : false;
}

async function presenceOf(
  id: Promise<string>,
): Promise<Pick<WrappingKeyStatus, "id" | "presence" | "trouble">> {
  try {
    return { id: await id, presence: "here", trouble: null };
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    const presence = isSignpostError(error, "UNREACHABLE") ? "unknown" : "gone";
    return { id: null, presence, trouble: error.message };
  }
}
