/** The error codes of DM3's formats: what is malformed, and what is not signed as it has to be. */
export interface Dm3Errors {
  /** A DM3 profile breaks a rule of its format. */
  INVALID_PROFILE: {
    /** The field that is wrong, where it is one. */
    readonly field?: string;
    /** What the record names, where the content is something else. */
    readonly expected?: string;
    /** Of a lookup: the check that failed (`CheckName`). */
    readonly check?: string;
  };
  /** The signature is not the one of the wallet or key that has to sign. */
  WRONG_SIGNER: {
    /** The address that has to sign. */
    readonly expected?: string;
    /** The address whose key signed. */
    readonly recovered?: string;
    /** The name that the signer does not own. */
    readonly name?: string;
    /** The chain on which the contract wallet is, in decimal. */
    readonly chainId?: string;
    /** The text whose signature was checked. */
    readonly text?: string;
    /** Of a lookup: the check that failed (`CheckName`). */
    readonly check?: string;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends Dm3Errors {}
}
