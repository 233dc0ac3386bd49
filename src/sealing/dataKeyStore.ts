/** What the keeping of data keys asks of a database. Each may throw DATABASE_UNAVAILABLE. */

/**
 * Exactly one data key is `current`: it seals. A `full` one has sealed as many values as it may. A rotation moves all
 * values away from those that are `retiring`, and then drops them. A `left` one stayed after a rotation: its wrapping key
 * is lost, or something that the rotation could not move still needs it.
 */
export type DataKeyState = "current" | "full" | "retiring" | "left";

export interface WrappedDataKey {
  /** A UUID, in lower case. */
  readonly id: string;
  /** The id of the wrapping key. */
  readonly wrappingKey: string;
  readonly wrapped: Uint8Array;
}

export interface StoredDataKey extends WrappedDataKey {
  readonly state: DataKeyState;
  /** How many values it has sealed; at most, for a process that ends takes what it had asked for with it. */
  readonly seals: bigint;
  readonly createdMs: number;
}

export interface DataKeyStore {
  /** Counts `count` more seals of the current key; null when there is none, or they would be more than `most`. */
  take(count: number, most: bigint): Promise<WrappedDataKey | null>;
  ofId(id: string): Promise<WrappedDataKey | null>;
  /** The oldest first. */
  all(): Promise<readonly StoredDataKey[]>;
  /** False, and nothing done, when there is a current one. */
  begin(first: WrappedDataKey): Promise<boolean>;
  /** `former` gives way to `next`, and is `as` from then on. False, and nothing done, when it is not the current one. */
  succeed(former: string, next: WrappedDataKey, as: "full" | "left"): Promise<boolean>;
  /**
   * All give way to `next`, and are retiring; those of the ids in `lost` are left instead. False, and nothing done, when
   * some are retiring already, or there are none.
   */
  retireAll(next: WrappedDataKey, lost: readonly string[]): Promise<boolean>;
  /** False, and nothing done, when it is not wrapped as `from` any more. */
  rewrap(from: WrappedDataKey, to: WrappedDataKey): Promise<boolean>;
  /** Throws INTERNAL when the database would delete or change values together with the key that they need. */
  assertKept(): Promise<void>;
  /** Drops a key that is not current. False when a value still needs it. */
  drop(id: string): Promise<boolean>;
  /** A retiring or a full key is left. */
  leave(id: string): Promise<void>;
}
