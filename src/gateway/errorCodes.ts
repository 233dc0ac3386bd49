/** The error codes of lookups. */
export interface GatewayErrors {
  /** The signer did not sign, or not as it should have: a remote one, or a key management service. */
  SIGNER_UNAVAILABLE: {
    /** Why, in a few words; "overload" where it signs, but not so much at once. */
    readonly reason: string;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends GatewayErrors {}
}

/** Why a lookup gets no answer. */
export type LookupCode =
  | "INVALID_CALL_DATA"
  | "INVALID_NAME"
  | "UNKNOWN_RESOLVER"
  | "UNKNOWN_DOMAIN"
  | "OVERLOADED"
  | "DATABASE_UNAVAILABLE"
  | "SOURCE_UNAVAILABLE"
  | "SIGNER_UNAVAILABLE"
  | "INVALID_CONFIGURATION"
  | "INTERNAL";
