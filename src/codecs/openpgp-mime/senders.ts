/** The senders of mails: whom the reader knows, and what a signature showed. */
import type { Fingerprint } from "./keys/fingerprint.js";

/** The certificates that the reader has: of a key book, or of an app's own. */
export interface KnownSenders {
  /** Of exactly this address, in lower case; binary. */
  readonly ofAddress: (address: string) => Promise<readonly Uint8Array[]>;
  /** Whether somebody has this one, under whatever address. */
  readonly isKnown: (fingerprint: Fingerprint) => Promise<boolean>;
}

export interface MailSigner {
  readonly fingerprint: Fingerprint;
  /**
   * known: the address had this certificate. moved: a person who is known writes from this address for the first time. new: nothing
   * was known of address and certificate, and the mail brought it; only the network vouches that it is the sender's.
   */
  readonly is: "known" | "moved" | "new";
  readonly signedAtMs: number | null;
  /** As the mail brought it: it may have newer parts than the one that is known. Null where it brought none. */
  readonly certificate: Uint8Array | null;
}
