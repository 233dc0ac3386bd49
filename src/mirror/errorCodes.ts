/** The error codes of mirrors. */
export interface MirrorErrors {
  /** A mirror cannot be promoted, or made, as things are. */
  MIRROR_NOT_READY: { readonly domain: string };
  /** A promotion failed from when its old primary may be frozen. The domain is changed here, there, or nowhere: the message says. */
  PROMOTION_CUT_OFF: {
    readonly domain: string;
    /** The URL of the old primary's service. */
    readonly primary: string;
    /** Where this run wanted the old primary to send writers; null: it did not ask it. */
    readonly to: string | null;
    /** "maybe": an earlier run may have frozen it, or it did not answer. "no": it was not asked. */
    readonly frozenThere: "yes" | "maybe" | "no";
    /** The code of what went wrong. */
    readonly because: string;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends MirrorErrors {}
}
