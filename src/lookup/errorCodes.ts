/** The error code of writing where lookups read. */
export interface LookupErrors {
  /** No transaction can write the records of the name. */
  NOT_WRITABLE: {
    readonly name: string;
    /**
     * The name has no resolver; its resolver is no contract; a gateway answers, not the chain; the resolver belongs to a
     * name above; the resolver shows another name's records instead.
     */
    readonly reason: "no-resolver" | "no-contract" | "offchain" | "resolver-of-parent" | "alias";
    /** EIP-55, where there is one. */
    readonly resolver?: string;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends LookupErrors {}
}
