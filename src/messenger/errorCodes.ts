/** The error codes of one's own relay nodes, and of what they do not keep. */
export interface MessengerErrors {
  /** The relay node does not take the token (any more). Signing in again may help, once. */
  TOKEN_REFUSED: { readonly relayNode: string };
  /** The relay node does not let the user in; asking again at once does not help. */
  SIGN_IN_REFUSED: {
    readonly relayNode: string;
    readonly reason: "no-account" | "signature" | "challenge" | "other-node" | "token";
  };
  /** The relay node said no to something else. */
  RELAY_NODE_REFUSED: { readonly relayNode: string; readonly status: number };
  /** It fits into no envelope, and none of the user's own relay nodes keeps attachments, or none as large. */
  ATTACHMENT_TOO_LARGE: {
    /** Of the attachment. */
    readonly bytes: number;
  };
  /** The keys are not those that the name's profile shows: nobody could write to them. */
  OTHER_KEYS: { readonly name: string };
}

declare module "../errors.js" {
  interface ErrorDetails extends MessengerErrors {}
}
