/** The error codes of connected networks: why a gateway takes nothing from an account. */
export interface MessagingErrors {
  /** The account is linked to no DM3 profile; linking it helps. */
  NOT_LINKED: { readonly address: string };
  /** The account has a link that was signed later, or ended one; one that is signed with this time, Unix seconds, or a later one helps. */
  LINK_OUTDATED: { readonly notBeforeSec: number };
  /** The account is at another domain than the gateway's own; nothing helps but the gateway of that domain. */
  OTHER_DOMAIN: { readonly nativeDomain: string };
}

declare module "../errors.js" {
  interface ErrorDetails extends MessagingErrors {}
}
