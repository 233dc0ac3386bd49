/** The error codes of accounts: why somebody is not let in. */
export interface AccountErrors {
  /** The name leads to no address, or nobody at that address has an account here. */
  NO_ACCOUNT: { readonly name: string };
  /** Whoever asks is not who the account belongs to now; signing in again helps. */
  NOT_SIGNED_IN: {
    readonly reason:
      | "no-token"
      | "invalid"
      | "expired"
      | "other-account"
      | "key-changed"
      /** A token of a sign-up, where the key has to have answered a challenge. */
      | "not-proven";
  };
  /** A challenge that was answered before, has expired, or was made for somebody else. */
  CHALLENGE_INVALID: { readonly reason: "unreadable" | "used" | "other-account" };
}

declare module "../errors.js" {
  interface ErrorDetails extends AccountErrors {}
}
