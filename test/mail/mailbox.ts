/** A mail server of somebody else: keeps what it gets, or answers as a test wants. */
import { SMTPServer } from "smtp-server";
import { freePort } from "../../src/demo/freePort.js";
import { type Arrivals, arrivals } from "../arrivals.js";

interface KeptMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly bytes: Buffer;
}

export interface Mailbox {
  readonly port: number;
  readonly mails: Arrivals<KeptMail>;
  /** What it says to a recipient; null takes it. */
  refusal: { readonly code: number; readonly text: string } | null;
  readonly stop: () => Promise<void>;
}

export async function startMailbox(): Promise<Mailbox> {
  const port = await freePort();
  const mails = arrivals<KeptMail>();
  const mailbox: Mailbox = {
    ...{ port, mails, refusal: null },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ["STARTTLS", "AUTH"], logger: false },
    onRcptTo: (_address, _session, callback) => {
      const { refusal } = mailbox;
      callback(
        refusal === null
          ? null
          : Object.assign(new Error(refusal.text), { responseCode: refusal.code }),
      );
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.add({
          sender: mailFrom === false ? "" : mailFrom.address,
          recipients: rcptTo.map(({ address }) => address),
          bytes: Buffer.concat(chunks),
        });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return mailbox;
}
