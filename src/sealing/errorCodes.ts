/** The error codes of secrets at rest. */
export interface SealingErrors {
  /** A data key is wrapped by a key that no setting names. With the right key, nothing is lost. */
  SECRETS_KEY_MISSING: {
    /** The id of the wrapping key to bring, as `signpost secrets status` shows it. */
    readonly wrappingKey: string;
    readonly dataKey: string;
  };
  /** What the database holds is not what was sealed: it was altered, moved, or is not complete. */
  SECRET_UNREADABLE: {
    readonly reason: UnreadableReason;
    /** Null where the value names none. */
    readonly dataKey: string | null;
  };
}

export type UnreadableReason =
  /** No sealed value begins like this one. */
  | "form"
  /** The value names a data key that the database does not hold. */
  | "unknown data key"
  /** The value, or its place, is not the one that was sealed. */
  | "value"
  /** The wrapped data key is not the one that was wrapped. */
  | "data key";

declare module "../errors.js" {
  interface ErrorDetails extends SealingErrors {}
}
