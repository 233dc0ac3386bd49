/** The error codes of mirrors. */
export interface MirrorErrors {
  /** A mirror cannot be promoted, or made, as things are. */
  MIRROR_NOT_READY: { readonly domain: string };
  /** A promotion did not come to its end, and its old primary is frozen: nobody changes the domain now. */
  PROMOTION_CUT_OFF: {
    readonly domain: string;
    /** The URL of the old primary's service. */
    readonly primary: string;
    /** Where the old primary sends writers. */
    readonly to: string;
    /** "maybe": an earlier run froze it, or it did not answer. */
    readonly isFrozenThere: "yes" | "maybe";
    /** The code of what went wrong. */
    readonly because: string;
  };
}

declare module "../errors.js" {
  interface ErrorDetails extends MirrorErrors {}
}
