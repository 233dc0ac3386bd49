/** The error codes of an app's way to its messaging gateway. */
export interface XmppClientErrors {
  /** The gateway, or a server in its place, said no to a question or to a link. Asking again at once does not help. */
  GATEWAY_REFUSED: {
    /** The gateway's own code (docs/xmpp-wire.md), such as WRONG_SIGNER; null where a server said no. */
    readonly refused: string | null;
    /** The condition of the stanza error (RFC 6120, section 8.3.3). */
    readonly condition: string;
    /** Of LINK_OUTDATED: which time a link has to be signed with at least, Unix seconds. */
    readonly notBeforeSec?: number;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends XmppClientErrors {}
}
