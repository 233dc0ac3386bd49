/** A change of the operator's key: the data keys are wrapped anew, and no sealed value is touched. */
import { isSignpostError } from "../errors.js";
import { type DataKeys, wrappedBy } from "./dataKeys.js";
import type { DataKeyStore, StoredDataKey } from "./dataKeyStore.js";
import type { DataKey } from "./sealedValue.js";
import { noKeyToRotate, type WrappingKeys } from "./wrappingKey.js";

/**
 * What becomes of a rotation when a data key cannot be opened: "refuse" ends it, "leave" goes on and leaves the key, and
 * the values that need it, as they are. A key that was left before is no reason to end any other rotation.
 */
export type Unopenable = "refuse" | "leave";

export interface Openable {
  readonly opened: readonly OpenedDataKey[];
  /** Those that cannot be opened. */
  readonly lost: readonly StoredDataKey[];
}

interface OpenedDataKey {
  readonly stored: StoredDataKey;
  readonly dataKey: DataKey;
}

/** @throws SECRETS_KEY_MISSING or SECRET_UNREADABLE for the first that is lost, where that is refused; UNREACHABLE */
export async function openAll(
  dataKeys: DataKeys,
  all: readonly StoredDataKey[],
  unopenable: Unopenable,
): Promise<Openable> {
  const opened: OpenedDataKey[] = [];
  const lost: StoredDataKey[] = [];
  for (const stored of all) {
    try {
      opened.push({ stored, dataKey: await dataKeys.open(stored) });
    } catch (error) {
      const isLost = isSignpostError(error, "SECRETS_KEY_MISSING", "SECRET_UNREADABLE");
      if (!isLost || (unopenable === "refuse" && stored.state !== "left")) throw error;
      lost.push(stored);
    }
  }
  return { opened, lost };
}

export interface RewrapParts {
  readonly store: DataKeyStore;
  readonly dataKeys: DataKeys;
  readonly wrappingKeys: WrappingKeys;
}

export interface RewrapReport {
  /** How many data keys were wrapped anew. */
  readonly rewrapped: number;
  /** Ids of those that cannot be opened, and stay as they are. */
  readonly left: readonly string[];
  /** Ids of those of which a rotation had said so before. */
  readonly leftBefore: readonly string[];
}

/**
 * Wraps every data key by the first of `wrappingKeys`. May run at any time, and again after it was killed.
 * @throws as `openAll`, INVALID_CONFIGURATION when there is no wrapping key
 */
export async function rewrapAll(
  { store, dataKeys, wrappingKeys }: RewrapParts,
  unopenable: Unopenable,
): Promise<RewrapReport> {
  const all = await store.all();
  const [by] = wrappingKeys;
  if (by === undefined) throw noKeyToRotate(all.map(({ wrappingKey }) => wrappingKey));
  const id = await by.id();
  let rewrapped = 0;
  const { opened, lost } = await openAll(dataKeys, all, unopenable);
  for (const { stored, dataKey } of opened) {
    if (stored.wrappingKey === id) continue;
    const bytes = dataKey.key.export();
    const next = await wrappedBy(by, stored.id, bytes).finally(() => bytes.fill(0));
    if (await store.rewrap(stored, next)) rewrapped++;
  }
  const isLeft = ({ state }: StoredDataKey) => state === "left";
  const idsWhere = (is: (key: StoredDataKey) => boolean) =>
    lost.filter(is).map((dataKey) => dataKey.id);
  return {
    rewrapped,
    left: idsWhere((dataKey) => !isLeft(dataKey)),
    leftBefore: idsWhere(isLeft),
  };
}
