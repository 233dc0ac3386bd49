/** The error code of fetching from addresses that strangers choose. */
export interface FetchErrors {
  /** A URL points to an address that we do not fetch from. */
  FORBIDDEN_ADDRESS: { readonly reason: string };
}

declare module "../errors.js" {
  interface ErrorDetails extends FetchErrors {}
}
