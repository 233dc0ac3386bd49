/**
 * What we answer a mail server with: every refusal there is, as docs/mail-wire.md lists them. Codes are those of RFC 5321,
 * section 4.2, with the enhanced ones of RFC 3463.
 */

export interface SmtpReply {
  /** 4xx: try it again later. 5xx: never. */
  readonly code: number;
  readonly status: string;
  /** For a person: senders read it in the report of their own server. */
  readonly sentence: string;
}

/** Thrown inside the SMTP server, and shown to the mail server that is connected. */
export class SmtpRefusal extends Error {
  /** @param endsConnection nothing more is taken from this connection */
  constructor(
    readonly reply: SmtpReply,
    readonly endsConnection = false,
  ) {
    super(`${reply.status} ${reply.sentence}`);
    this.name = "SmtpRefusal";
  }

  /** By this name smtp-server takes the code of its answer. */
  get responseCode(): number {
    return this.reply.code;
  }
}

const reply = (code: number, status: string, sentence: string): SmtpRefusal =>
  new SmtpRefusal({ code, status, sentence });

/** Recipients. */
export const noSuchUser = (address: string) =>
  reply(550, "5.1.1", `Nobody has the address ${address}. The part before the @ is a DM3 name.`);
export const badAddress = () =>
  reply(553, "5.1.3", "The address is none that we carry: no quotes, no blanks, local@domain.");
export const otherDomain = (domain: string) =>
  reply(550, "5.7.1", `This server takes mail for ${domain} alone.`);
export const notAscii = () =>
  reply(553, "5.6.7", "Only addresses in ASCII are carried. Use another address.");
export const tooManyRecipients = () =>
  reply(452, "4.5.3", "Too many recipients in one mail. Send the rest in another one.");
export const unknownParameter = (name: string) =>
  reply(555, "5.5.4", `The parameter ${name} is not known here.`);
export const needsNullSender = () =>
  reply(550, "5.7.1", "Only delivery reports, with an empty sender, are taken at this address.");
export const nullSender = () =>
  reply(550, "5.7.1", "Mail with an empty sender is taken for reports about our own mail alone.");
export const mixedRecipients = () =>
  reply(550, "5.7.1", "A report about our mail is for one address alone.");
export const noCanary = () =>
  reply(
    550,
    "5.7.1",
    "Only mails of the bridge itself, which come back, are taken at this address.",
  );

/** The mail as such. */
export const tooLarge = (limit: number) =>
  reply(552, "5.3.4", `The mail is larger than ${limit} bytes. Send a smaller file.`);
/** It goes on and on: nothing is read of it any more. */
export const endless = (limit: number) => new SmtpRefusal(tooLarge(limit).reply, true);
/** A second mail may hide in what comes after it. */
export const bareNewline = () =>
  new SmtpRefusal(
    {
      ...{ code: 550, status: "5.5.2" },
      sentence: "The mail has a CR or LF that is not part of a CRLF.",
    },
    true,
  );
export const badHeader = (problem: string) =>
  reply(550, "5.6.0", `The header of the mail ${problem}.`);
export const tooManyHops = () =>
  reply(554, "5.4.6", "The mail passed through too many servers: it goes round in a circle.");
export const fromOurselves = (domain: string) =>
  reply(550, "5.7.1", `Mail from addresses of ${domain} starts here and cannot come from outside.`);
export const notEncrypted = () =>
  reply(
    550,
    "5.7.1",
    "This mail is not encrypted. We carry only OpenPGP mail (PGP/MIME): get the recipient's key, turn encryption on, and send it again.",
  );
export const notWrittenTo = (address: string) =>
  reply(
    550,
    "5.7.1",
    `Write a new mail to ${address} alone, and let your provider sign its To field; that of an older mail does not count.`,
  );
export const brokenShape = (problem: string) =>
  reply(
    550,
    "5.7.1",
    `This mail is no whole OpenPGP mail (RFC 3156): ${problem}. Send it encrypted by a mail app that knows PGP/MIME.`,
  );

/** Who wrote it. */
export const badFrom = (problem: string) =>
  reply(550, "5.7.1", `The From field ${problem}. Write it as Name <local@domain>.`);
export const fromNotAscii = () =>
  reply(550, "5.6.7", "The From field is not in ASCII. Use an address in ASCII.");
export const automaticOrList = () =>
  reply(
    550,
    "5.7.1",
    "Automatic mail and mail of lists is taken only from those who wrote here before.",
  );
export const neighbourOnly = (domain: string, signer: string) =>
  reply(
    550,
    "5.7.22",
    `The mail is signed by ${signer}, and not by ${domain} itself. Ask your provider to sign by DKIM with d=${domain}.`,
  );
export const notAuthenticated = (domain: string, comment: string) =>
  reply(
    550,
    "5.7.20",
    `No valid DKIM signature of ${domain} is on this mail (${comment}). Ask your provider to sign with d=${domain}.`,
  );
export const notFoundOut = (what: string) =>
  reply(451, "4.7.5", `We could not find out ${what}. Try it again later.`);

/** Later. */
export const tryLater = () =>
  reply(451, "4.3.0", "Something here does not answer at the moment. Try it again later.");
export const tooMuch = () =>
  reply(451, "4.7.1", "That is more than we take at the moment. Try it again later.");
/** What is kept for others already, in the words of the limit. */
export const overLimit = (sentence: string) => reply(451, "4.7.1", sentence);
export const noRoom = () =>
  reply(452, "4.3.1", "Too many large mails at once. Try it again in a minute.");
export const tooManyConnections = () =>
  reply(421, "4.7.0", "Too many connections. Try it again later.");
export const tooSlow = () => reply(421, "4.4.2", "That took too long. Try it again.");

/** What the recipient's side said of a mail that is whole and proven. */
export const refusedByRecipient = (sentence: string) => reply(550, "5.7.1", sentence);
export const noReport = () =>
  reply(550, "5.6.0", "This is no delivery report (RFC 3464), so it is not taken here.");
