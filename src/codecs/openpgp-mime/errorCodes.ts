/** The error codes of the codec for OpenPGP mail: each names the check that failed. */
export interface OpenPgpMimeErrors {
  /** The mail, or what was encrypted in it, is not of the form that it should have. */
  MAIL_MALFORMED: {
    /** The header field, or the part that is wrong. */
    readonly field: string;
  };
  /** It is not the encrypted mail of RFC 3156, or more than encrypted content is in it. */
  MAIL_NOT_ENCRYPTED: { readonly reason: string };
  /** It was encrypted for another key, or altered on its way. */
  MAIL_NOT_FOR_THIS_KEY: { readonly reason: string };
  /** Nobody signed it. */
  MAIL_UNSIGNED: { readonly from: string };
  /** A key that the sender may use is named as its signer, and did not sign it like this. */
  WRONG_MAIL_SIGNATURE: { readonly from: string; readonly fingerprint: string };
  /** The sender has no certificate here, and the mail brings none that signed it. */
  UNKNOWN_MAIL_SIGNER: { readonly from: string };
  /** The sender's address has another certificate here. Somebody has to decide which one is right. */
  CHANGED_CERTIFICATE: {
    readonly address: string;
    readonly known: readonly string[];
    /** Null where the mail does not bring it. */
    readonly offered: string | null;
  };
  /** The sender inside of the encryption is not the one outside. */
  MAIL_SENDER_MISMATCH: { readonly inside: string; readonly outside: string };
  /** It was written to somebody else, and encrypted again for us. */
  MAIL_RECEIVER_MISMATCH: { readonly to: readonly string[] };
  /** Nothing can be encrypted for this certificate, or nothing signed with this key. */
  UNUSABLE_CERTIFICATE: { readonly fingerprint: string | null; readonly reason: string };
  /** Whoever asks for the invitation does not show that they have it. */
  INVITATION_REFUSED: { readonly reason: string };
  /** The mail of a message that another one is about is not known here. */
  UNKNOWN_REFERENCE: { readonly reference: string };
}

declare module "../../errors.js" {
  interface ErrorDetails extends OpenPgpMimeErrors {}
}
