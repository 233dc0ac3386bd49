/** A change of the operator's key: the data keys are wrapped anew, and no sealed value is touched. */
import { isSignpostError } from "../errors.js";
import { type DataKeys, wrappedBy } from "./dataKeys.js";
import type { DataKeyStore, StoredDataKey } from "./dataKeyStore.js";
import type { DataKey } from "./sealedValue.js";
import { firstOf, type WrappingKeys } from "./wrappingKey.js";

/** What becomes of data keys that cannot be opened: "leave" leaves them, and the values that need them, as they are. */
export type Unopenable = "refuse" | "leave";

interface OpenedDataKey {
  readonly stored: StoredDataKey;
  readonly dataKey: DataKey;
}

/**
 * Those that can be opened.
 * @throws SECRETS_KEY_MISSING or SECRET_UNREADABLE for the first that cannot, unless such are left; UNREACHABLE
 */
export async function openable(
  dataKeys: DataKeys,
  all: readonly StoredDataKey[],
  unopenable: Unopenable,
): Promise<readonly OpenedDataKey[]> {
  const opened: OpenedDataKey[] = [];
  for (const stored of all) {
    try {
      opened.push({ stored, dataKey: await dataKeys.open(stored) });
    } catch (error) {
      const isLost = isSignpostError(error, "SECRETS_KEY_MISSING", "SECRET_UNREADABLE");
      if (!isLost || unopenable === "refuse") throw error;
    }
  }
  return opened;
}

export interface RewrapParts {
  readonly store: DataKeyStore;
  readonly dataKeys: DataKeys;
  readonly wrappingKeys: WrappingKeys;
}

/**
 * Wraps every data key by the first of `wrappingKeys`; returns how many were not. May run at any time, and again after
 * it was killed.
 * @throws as `openable`, INVALID_CONFIGURATION when there is no wrapping key
 */
export async function rewrapAll(
  { store, dataKeys, wrappingKeys }: RewrapParts,
  unopenable: Unopenable,
): Promise<number> {
  const by = firstOf(wrappingKeys);
  const id = await by.id();
  let count = 0;
  for (const { stored, dataKey } of await openable(dataKeys, await store.all(), unopenable)) {
    if (stored.wrappingKey === id) continue;
    const bytes = dataKey.key.export();
    const next = await wrappedBy(by, stored.id, bytes).finally(() => bytes.fill(0));
    if (await store.rewrap(stored, next)) count++;
  }
  return count;
}
