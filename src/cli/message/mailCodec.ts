/** Messages to people with mail: encrypted by OpenPGP inside of the DM3 message, as a bridge carries them. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { decodeUtf8 } from "../../abi/utf8.js";
import { encodeBase64 } from "../../dm3/base64.js";
import { SignpostError } from "../../errors.js";
import { memoryKeyValue } from "../../sdk/messagesNode.js";
import {
  type DecodedMail,
  decodeMail,
  encodeMail,
  mailContentOf,
  type MessageContent,
  type MessageId,
  nativeAttachment,
  newMessageId,
  openKeyBook,
} from "../../sdk/openpgpMimeNode.js";
import { givenFile } from "../../terminal/givenFile.js";
import { jsonText } from "../../terminal/jsonText.js";

/** Of a certificate or a key with its armor. */
const LONGEST_KEY = 65_536;
/** What clients show that cannot open it. */
const NOTICE = "This is an encrypted mail. Open it with an app that reads OpenPGP.";

export interface MailWritingFlags {
  readonly mailTo?: string;
  readonly mailFrom?: string;
  readonly mailKey?: string;
  readonly mailCertificate?: string;
}

export function addMailWriting(command: Command): Command {
  return command
    .option("--mail-to <address>", "write an encrypted mail to this address, inside of the message")
    .option("--mail-from <address>", "the sender's address towards mail: carol.eth@mail.example")
    .option("--mail-key <file>", "the sender's OpenPGP private key, without a passphrase")
    .option("--mail-certificate <file>", "the receiver's OpenPGP certificate");
}

/**
 * The content as it is, or with `--mail-to` a mail that says it; what it is about is then a Message-ID.
 * Throws INVALID_REQUEST, UNUSABLE_CERTIFICATE and INVALID_CONFIGURATION.
 */
export async function inMail(
  content: MessageContent,
  { mailTo, mailFrom, mailKey, mailCertificate }: MailWritingFlags,
): Promise<MessageContent> {
  if (mailTo === undefined) return content;
  if (mailFrom === undefined || mailKey === undefined || mailCertificate === undefined) {
    throw wrongUsage("--mail-to needs --mail-from, --mail-key and --mail-certificate.");
  }
  const about = {
    mailOf: (id: string) => Promise.resolve({ messageId: id as MessageId, text: null }),
  };
  const said = await mailContentOf(content, about);
  if (said === null) throw wrongUsage(`Mail has nothing for ${content.type}.`);
  const domain = mailFrom.slice(mailFrom.lastIndexOf("@") + 1).toLowerCase();
  const messageId = newMessageId(randomBytes(16), domain);
  const entity = await encodeMail(
    { from: mailFrom, to: [mailTo], dateMs: Date.now(), messageId, content: said },
    {
      privateKey: await givenKey("private key", mailKey),
      certificates: [await givenKey("certificate", mailCertificate)],
    },
  );
  return { type: "NEW", text: NOTICE, attachments: [nativeAttachment(entity)] };
}

export interface MailReadingFlags {
  readonly mailKey?: string;
  readonly mailAddress?: string;
  readonly mailSender?: string;
  readonly mailCertificate?: string;
}

export function addMailReading(command: Command): Command {
  return command
    .option("--mail-key <file>", "open the mail in the message with this OpenPGP private key")
    .option("--mail-address <address>", "the receiver's address towards mail")
    .option("--mail-sender <address>", "the sender's address, for --mail-certificate")
    .option("--mail-certificate <file>", "the sender's OpenPGP certificate, where it is known");
}

/** Throws what `decodeMail` throws, and INVALID_REQUEST for flags that do not go together. */
export async function openMail(bytes: Uint8Array, flags: MailReadingFlags): Promise<DecodedMail> {
  const { mailKey, mailAddress, mailSender, mailCertificate } = flags;
  if (mailKey === undefined || mailAddress === undefined) {
    throw wrongUsage("The message is a mail: give --mail-key and --mail-address to open it.");
  }
  const book = openKeyBook(memoryKeyValue());
  if (mailCertificate !== undefined && mailSender !== undefined) {
    const certificate = await givenKey("certificate", mailCertificate);
    await book.take({ address: mailSender, certificate, source: "vcard" });
  }
  return decodeMail(bytes, {
    privateKeys: [await givenKey("private key", mailKey)],
    ownAddresses: [mailAddress.toLowerCase()],
    senders: book.senders,
    ...(mailSender !== undefined && { expectedFrom: mailSender }),
  });
}

/** For a person, without what a terminal could act on. */
export function mailLines({ from, messageId, signer, content }: DecodedMail): readonly string[] {
  return [
    `mail ${content.type}  from ${jsonText(from)}`,
    "",
    ...("text" in content ? [jsonText(content.text), ""] : []),
    ...("about" in content ? [`about        ${[content.about].flat().join(" ")}`] : []),
    `Message-ID   ${messageId ?? "none"}`,
    `signed by    ${signer.fingerprint} (${signer.is})`,
  ];
}

/** In binary; the file has that, or its ASCII armor. */
async function givenKey(what: string, file: string): Promise<Uint8Array> {
  const bytes = await givenFile(what, file, process.stdin, LONGEST_KEY);
  if (bytes.length > LONGEST_KEY) throw wrongUsage(`The ${what} in ${file} is too long.`);
  if (bytes[0] !== "-".charCodeAt(0)) return bytes;
  const { readKey } = await import("openpgp");
  try {
    return (await readKey({ armoredKey: decodeUtf8(bytes) })).write();
  } catch {
    // without a cause: nothing of a key stands in an error
    throw wrongUsage(`The ${what} in ${file} has no OpenPGP key in its armor. Export it again.`);
  }
}

/** As JSON: bytes in base64. */
export function mailFacts({ signer, content, ...mail }: DecodedMail) {
  const { fingerprint, is, signedAtMs } = signer;
  const { from, to, dateMs, messageId } = mail;
  const files = "files" in content ? content.files : [];
  return {
    ...{ from, to, dateMs, messageId, signer: { fingerprint, is, signedAtMs } },
    content: {
      ...content,
      ...(files.length > 0 && {
        files: files.map(({ bytes, ...file }) => ({ ...file, base64: encodeBase64(bytes) })),
      }),
    },
  };
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
