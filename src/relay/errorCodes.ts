/** The error codes of the relay node: why it keeps a message for nobody. Those of the envelope itself are dm3/message's. */
export interface RelayErrors {
  /** The receiver does not want this: the first filter that the sender does not pass. */
  UNWANTED: {
    readonly filter: "blockedSenders" | "minBalance" | "minNonce" | "minTokenBalance";
  };
  /** The receiver's mailbox, or the sender's share of it, holds as much as it may. What is in it stays. */
  MAILBOX_FULL: { readonly of: MailboxPart };
  /** The account has as many blobs, or as many bytes in them, as it may. What it has stays. */
  BLOBS_FULL: {
    readonly mostBlobs: number;
    /** In bytes, of all of them. */
    readonly mostBytes: number;
  };
}

/** Of one mailbox: all of it, or what one sender, a domain with its subdomains, or copies of one message may take. */
export type MailboxPart = "mailbox" | "sender" | "domain" | "copies";

declare module "../errors.js" {
  interface ErrorDetails extends RelayErrors {}
}
