/** The error codes of mirrors. */
export interface MirrorErrors {
  /** A mirror cannot be promoted, or made, as things are. */
  MIRROR_NOT_READY: { readonly domain: string };
}

declare module "../errors.js" {
  interface ErrorDetails extends MirrorErrors {}
}
