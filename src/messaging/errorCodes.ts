/** The error codes of connected networks. */
export interface MessagingErrors {
  /** Whoever sends from this address in the network has not linked it to a DM3 profile. */
  NOT_LINKED: { readonly address: string };
}

declare module "../errors.js" {
  interface ErrorDetails extends MessagingErrors {}
}
