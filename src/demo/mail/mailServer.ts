/**
 * A small mail server for one machine: SMTP for its users to send, and for others to deliver to them (smtp-server), IMAP for its
 * users to read. What its users write to other domains is handed to `relay`.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { startImapServer } from "./imapServer.js";
import { MailAccounts } from "./mailboxes.js";

const LARGEST_MAIL = 50_000_000;

export interface RelayedMail {
  /** Empty for reports. */
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

/** Told of each mail: when it is in its reader's inbox, or another server took it. */
type MailWatcher = (mail: RelayedMail, way: "in" | "out") => void;

export interface MailServer {
  readonly accounts: MailAccounts;
  readonly watchers: Set<MailWatcher>;
  readonly smtpPort: number;
  readonly imapPort: number;
  readonly stop: () => Promise<void>;
}

/**
 * @param relay throws with the sentence that the SMTP client gets; without it, mail to strangers is refused
 * @param smtpPort 0 takes a free one
 */
export async function startMailServer(
  relay?: (mail: RelayedMail) => Promise<void>,
  smtpPort = 0,
): Promise<MailServer> {
  const accounts = new MailAccounts();
  const watchers = new Set<MailWatcher>();
  const imap = await startImapServer(accounts);
  const smtp = new SMTPServer({
    authOptional: true,
    // clients on this machine
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    size: LARGEST_MAIL,
    onAuth: ({ username, password }, _session, callback) => {
      const inbox = accounts.logIn({ address: username ?? "", password: password ?? "" });
      if (inbox === null) callback(new Error("Wrong address or password."));
      else callback(null, { user: username });
    },
    onRcptTo: ({ address }, session, callback) => {
      const isOurs = accounts.inboxOf(address) !== null;
      // whoever logged in may write to the outside
      if (isOurs || (session.user !== undefined && relay !== undefined)) callback();
      else callback(new Error("Nobody here has this address."));
    },
    onData: (stream, session, callback) => {
      receive(stream, session).then(
        () => {
          callback(null);
        },
        (error: unknown) => {
          callback(error as Error);
        },
      );
    },
  });

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) throw new Error("The mail is too large.");
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom === false ? "" : mailFrom.address;
    const bytes = Buffer.concat(chunks);
    for (const { address } of rcptTo) {
      const inbox = accounts.inboxOf(address);
      const mail = { from, to: address, bytes };
      if (inbox === null) await relay?.(mail);
      else {
        inbox.put(bytes);
        for (const watcher of watchers) watcher(mail, "in");
      }
    }
  }

  // a client that was killed in the middle of a mail
  smtp.on("error", () => undefined);
  smtp.listen(smtpPort, "127.0.0.1");
  await once(smtp.server, "listening");
  return {
    ...{ accounts, watchers },
    smtpPort: (smtp.server.address() as AddressInfo).port,
    imapPort: imap.port,
    stop: async () => {
      await new Promise<void>((done) => {
        smtp.close(done);
      });
      await imap.stop();
    },
  };
}
