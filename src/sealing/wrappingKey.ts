/** The operator's keys. Each wraps data keys; it never meets a secret itself. */
import { isSignpostError, SignpostError } from "../errors.js";

export interface WrappingKey {
  /** For people: where it is; no secret in it. */
  readonly description: string;
  /**
   * Names the key itself, and not where it is kept: `file:<fingerprint>` or `aws-kms:<ARN>`.
   * Throws UNREACHABLE when that could not be found out.
   */
  id(): Promise<string>;
  /** Throws UNREACHABLE. */
  wrap(dataKey: Uint8Array, dataKeyId: string): Promise<Uint8Array>;
  /** The data key (32 bytes); null when `wrapped` is not what `wrap` made for this id. Throws UNREACHABLE. */
  unwrap(wrapped: Uint8Array, dataKeyId: string): Promise<Uint8Array | null>;
  close(): void;
}

/** The first one wraps new data keys; the others are former ones and only unwrap. None where no setting names any. */
export type WrappingKeys = readonly WrappingKey[];

/** Null when none of them has this id. Throws UNREACHABLE when that could not be found out. */
export async function wrappingKeyOf(keys: WrappingKeys, id: string): Promise<WrappingKey | null> {
  let failure: SignpostError | null = null;
  for (const key of keys) {
    try {
      if ((await key.id()) === id) return key;
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE")) throw error;
      // it may be one of those behind it
      failure ??= error;
    }
  }
  if (failure !== null) throw failure;
  return null;
}

/** For whoever has a secret to seal. Throws INVALID_CONFIGURATION when there is none. */
export function firstOf(keys: WrappingKeys): WrappingKey {
  const [first] = keys;
  if (first !== undefined) return first;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    "A secret is to be kept, but SECRETS_KEY_LOCATION is not set. Make a key with `signpost secrets new-key <file>`, back it up, and set SECRETS_KEY_LOCATION=file:<file>; or name a key of AWS KMS there.",
  );
}

/** @param sealedBy the ids of the wrapping keys of all data keys; none where there are no secrets */
export function noKeyToRotate(sealedBy: readonly string[]): SignpostError {
  const wrappingKeys = [...new Set(sealedBy)];
  return new SignpostError(
    "INVALID_CONFIGURATION",
    wrappingKeys.length === 0
      ? "There are no secrets in this database, and SECRETS_KEY_LOCATION is not set: there is nothing to rotate."
      : `The secrets in this database are sealed by the key ${wrappingKeys.join(" and ")}, but SECRETS_KEY_LOCATION is not set. Set it to where that key is, from a backup if need be; a new key does not open them. Only if it is lost for good, docs/operations/secrets.md says what is left.`,
    { wrappingKeys },
  );
}

export function keyMissing(wrappingKey: string, dataKey: string): SignpostError {
  return new SignpostError(
    "SECRETS_KEY_MISSING",
    `The secrets in this database are sealed by the key ${wrappingKey}, which neither SECRETS_KEY_LOCATION nor SECRETS_FORMER_KEY_LOCATIONS leads to. Add it there; if it is lost, docs/operations/secrets.md says what is left.`,
    { wrappingKey, dataKey },
  );
}
