/**
 * From a whole mail to what somebody said with it. Each check has its own error code, and nothing is shown that did not pass all of
 * them: shape, encryption, one text, signature, and that the signer is exactly the sender inside and outside.
 */
import { SignpostError } from "../../errors.js";
import type { MailContent } from "./content/mailContent.js";
import { readContent } from "./content/readContent.js";
import { readEncryptedMail } from "./encryptedMail.js";
import { type InnerHeader, innerHeader } from "./innerMail.js";
import { readEntity } from "./mime/headerBlock.js";
import { openMessage } from "./openMail.js";
import type { KnownSenders, MailSigner } from "./senders.js";
import { signerOf } from "./signer.js";

/** What a mail passed; the code of the one that it did not says more. */
export const MAIL_CHECKS = {
  shape: "The mail is encrypted as a whole, and has nothing beside.",
  encryption: "It was encrypted for this key, and nobody changed it.",
  sender: "The sender inside of the encryption is the one outside, and the one who was expected.",
  signature: "A key of exactly this sender signed all that is shown.",
  receiver: "It was written to one of the reader's addresses, where it says to whom.",
} as const;

export interface MailReader {
  /** The reader's keys, binary, without a passphrase; former ones as well. */
  readonly privateKeys: readonly Uint8Array[];
  readonly ownAddresses: readonly string[];
  readonly senders: KnownSenders;
  /** From whom it has to be: what a bridge vouched for. */
  readonly expectedFrom?: string;
}

export interface DecodedMail extends Omit<InnerHeader, "offered" | "inReplyTo"> {
  readonly signer: MailSigner;
  readonly content: MailContent;
}

/**
 * @param mail header and body; ends of lines are CRLF or LF
 * @throws MAIL_NOT_ENCRYPTED, MAIL_MALFORMED, TOO_LARGE, MAIL_NOT_FOR_THIS_KEY, MAIL_SENDER_MISMATCH, MAIL_UNSIGNED,
 *   UNKNOWN_MAIL_SIGNER, WRONG_MAIL_SIGNATURE, CHANGED_CERTIFICATE, MAIL_RECEIVER_MISMATCH; UNUSABLE_CERTIFICATE for the reader's own
 *   keys; INVALID_CONFIGURATION without the libraries
 */
export async function decodeMail(mail: Uint8Array, reader: MailReader): Promise<DecodedMail> {
  const { fields: outside, message: sealed } = readEncryptedMail(mail);
  const { message, content } = await openMessage(sealed, reader.privateKeys);
  const { fields: inside } = readEntity(content);
  const { offered, inReplyTo, ...header } = await innerHeader(inside, outside);
  assertExpected(header.from, reader);
  const signer = await signerOf({ message, from: header.from, offered }, reader.senders);
  assertReceiver(header.to, reader);
  return { ...header, signer, content: await readContent(content, inside, inReplyTo) };
}

function assertExpected(from: string, { expectedFrom = from }: MailReader): void {
  if (from === expectedFrom.toLowerCase()) return;
  throw new SignpostError(
    "MAIL_SENDER_MISMATCH",
    `The mail is from ${from}, and was handed over as one of ${expectedFrom}. Do not show it.`,
    { inside: from, outside: expectedFrom },
  );
}

/** A signature does not say for whom it was: a receiver could encrypt it again for somebody else. */
function assertReceiver(to: readonly string[], { ownAddresses }: MailReader): void {
  if (to.length === 0 || ownAddresses.some((own) => to.includes(own.toLowerCase()))) return;
  throw new SignpostError(
    "MAIL_RECEIVER_MISMATCH",
    `The mail was written to ${to.slice(0, 3).join(", ")}, and not to one of your addresses. Do not show it.`,
    { to: to.slice(0, 3) },
  );
}
