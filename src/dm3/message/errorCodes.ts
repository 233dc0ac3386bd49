/** The error codes of messages and envelopes: each names the check that failed. */
export interface MessageErrors {
  /** The envelope is longer than whoever should take it does. */
  ENVELOPE_TOO_LARGE: {
    /** In bytes. */
    readonly sizeLimit: number;
  };
  /** It is no DM3 envelope, or not one of the kind that is read here. */
  ENVELOPE_MALFORMED: {
    /** The field that is wrong, where it is one: "metadata.version". */
    readonly field?: string;
  };
  /** What was encrypted for us is no DM3 message. */
  MESSAGE_MALFORMED: { readonly field?: string };
  /** What was encrypted for the relay node is no delivery information. */
  DELIVERY_INFORMATION_MALFORMED: { readonly field?: string };
  /** The envelope names an encryption that is not x25519-chacha20-poly1305. */
  UNKNOWN_ENCRYPTION: { readonly scheme: string };
  /** It was encrypted for another key, or altered on its way. */
  NOT_FOR_THIS_KEY: { readonly part: "message" | "deliveryInformation" };
  /** The envelope claims another hash than its message has. */
  WRONG_HASH: {
    readonly field: "messageHash" | "encryptedMessageHash";
    readonly claimed: string;
    readonly actual: string;
  };
  /** Nobody has the name that the message says it is from, or it has no profile. */
  UNKNOWN_SENDER: { readonly from: string };
  /** The sender's key did not sign this message. */
  WRONG_MESSAGE_SIGNATURE: { readonly from: string };
  /** The sender's key did not sign this envelope. */
  WRONG_METADATA_SIGNATURE: { readonly from: string };
  /** The message is from somebody else than the delivery information says. */
  SENDER_MISMATCH: { readonly from: string; readonly deliveredFrom: string };
  /** The message was written to somebody else, and encrypted again for us. */
  RECEIVER_MISMATCH: { readonly to: string };
  /** The postmark is unreadable, or about another message, or not signed by the relay node. */
  WRONG_POSTMARK: { readonly reason: "unreadable" | "malformed" | "other-message" | "signature" };
}

declare module "../../errors.js" {
  interface ErrorDetails extends MessageErrors {}
}
