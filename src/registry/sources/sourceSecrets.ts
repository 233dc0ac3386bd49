/** What a source is asked with, such as a password: sealed at rest. */
export interface SourceSecrets {
  /** Throws SECRETS_KEY_MISSING without a key of the operator's. */
  keep(source: string, secret: string): Promise<void>;
  /** Null where the source has none. */
  open(source: string): Promise<string | null>;
  /** Nothing where there is none. */
  drop(source: string): Promise<void>;
}
