/** Mails as other people's programs write them. */
import { createMessage, encrypt, generateKey, readKey } from "openpgp";
import { type Provider, signaturesOf, type SigningOptions } from "../../src/demo/mail/provider.js";

export const crlf = (text: string) => text.replace(/\r?\n/g, "\r\n");

/** A new OpenPGP user. */
export async function openPgpUser(email: string) {
  const { publicKey, privateKey } = await generateKey({ userIDs: [{ email }], format: "armored" });
  return { publicKey, privateKey };
}

/** An encrypted message in its armor, with CRLF. */
export async function armoredFor(publicKey: string, text: string): Promise<string> {
  const key = await readKey({ armoredKey: publicKey });
  const message = await createMessage({ text });
  const armored = (await encrypt({ message, encryptionKeys: key.toPublic() })) as string;
  return crlf(armored.trimEnd());
}

export const BOUNDARY = "=_b1";

/** What RFC 3156 makes of it, without a header: from the first delimiter to the last. */
export const encryptedBody = (armored: string, boundary = BOUNDARY) =>
  crlf(`--${boundary}
Content-Type: application/pgp-encrypted
Content-Description: PGP/MIME version identification

Version: 1

--${boundary}
Content-Type: application/octet-stream; name="encrypted.asc"
Content-Disposition: inline; filename="encrypted.asc"

${armored}

--${boundary}--
`);

export const ENCRYPTED_TYPE = `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="${BOUNDARY}"`;

export interface MailParts {
  readonly from?: string;
  readonly to?: string;
  readonly type?: string;
  readonly body: string;
  /** Further lines of the header. */
  readonly more?: readonly string[];
}

/** A whole mail, unsigned. */
export function mailOf({
  from = "alice@mail.test",
  to = "undisclosed-recipients:;",
  type = ENCRYPTED_TYPE,
  body,
  more = [],
}: MailParts): string {
  const header = [
    `From: ${from}`,
    `To: ${to}`,
    "Date: Thu, 01 Oct 2026 10:00:00 +0000",
    `Message-ID: <${Math.random().toString(36).slice(2)}@mail.test>`,
    "Subject: ...",
    ...more,
    "MIME-Version: 1.0",
    type,
  ];
  return crlf(`${header.join("\n")}\n\n${body}`);
}

/** Signed by another library than ours. */
export async function signedBy(
  mail: string,
  provider: Provider,
  options: SigningOptions = {},
): Promise<string> {
  return (await signaturesOf(mail, provider, options)) + mail;
}
