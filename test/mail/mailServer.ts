/** Somebody else's mail server on loopback, which keeps what it gets, and can be told to refuse. */
import { SMTPServer } from "smtp-server";
import { freePort } from "../../src/demo/freePort.js";

export interface TestMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly text: string;
  readonly isTls: boolean;
}

export interface TestMailServer {
  readonly port: number;
  readonly mails: TestMail[];
  /** Answers instead of "yes", by the command; `DATA` is after the mail. "cut" ends the connection. */
  readonly answers: Map<
    "CONNECT" | "MAIL" | "RCPT" | "DATA",
    readonly [code: number, text: string] | "cut"
  >;
  /** User and password of each log-in. */
  readonly logins: string[];
  /** Recipients that it does not know. */
  readonly nobodies: Set<string>;
  /** While it is there, no recipient is answered. */
  held: Promise<void> | null;
  /** How many there were so far, and are open now. */
  readonly connections: () => { readonly ever: number; readonly now: number };
  /** Ends all connections at once. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

export interface TestMailServerOptions {
  /** With TLS, of the certificate that smtp-server brings for tests. */
  readonly hasTls?: boolean;
  /** Instead of that one. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly needsLogin?: boolean;
  readonly size?: number;
  /** Mails on one connection; the next is told 421. */
  readonly mailsOnOne?: number;
  /** A free one unless told. */
  readonly port?: number;
  readonly onMail?: (mail: TestMail) => void;
}

export async function startMailServer(
  options: TestMailServerOptions = {},
): Promise<TestMailServer> {
  const mails: TestMail[] = [];
  const logins: string[] = [];
  const nobodies = new Set<string>();
  let ever = 0;
  const answers: TestMailServer["answers"] = new Map();
  const refusal = (command: "CONNECT" | "MAIL" | "RCPT" | "DATA", id: string) => {
    const answer = answers.get(command);
    if (answer === undefined) return null;
    if (answer === "cut") {
      for (const one of server.connections) if (one.id === id) one._socket.destroy();
      return new Error("cut");
    }
    return Object.assign(new Error(answer[1]), { responseCode: answer[0] });
  };
  const server = new SMTPServer({
    ...(options.size === undefined ? {} : { size: options.size }),
    ...options.certificate,
    disabledCommands: [
      ...(options.hasTls !== true ? ["STARTTLS"] : []),
      ...(options.needsLogin === true ? [] : ["AUTH"]),
    ],
    hideENHANCEDSTATUSCODES: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onAuth: ({ username = "", password }, _session, callback) => {
      logins.push(`${username} ${password ?? ""}`);
      callback(null, password === "right" ? { user: username } : {});
    },
    onConnect: ({ id }, callback) => {
      ever++;
      callback(refusal("CONNECT", id));
    },
    onMailFrom: (_address, { id, transaction }, callback) => {
      const isEnough = transaction > (options.mailsOnOne ?? Infinity);
      const enough = Object.assign(new Error("4.7.0 Enough"), { responseCode: 421 });
      callback(isEnough ? enough : refusal("MAIL", id));
    },
    onRcptTo: ({ address }, { id }, callback) => {
      const answer = () => {
        callback(
          nobodies.has(address)
            ? Object.assign(new Error("5.1.1 No such user"), { responseCode: 550 })
            : refusal("RCPT", id),
        );
      };
      if (mailServer.held === null) answer();
      else void mailServer.held.then(answer);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail: TestMail = {
          sender: mailFrom === false ? "" : mailFrom.address,
          recipients: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("latin1"),
          isTls: session.secure,
        };
        mails.push(mail);
        options.onMail?.(mail);
        callback(refusal("DATA", session.id));
      });
    },
  });
  server.on("error", () => undefined);
  const port = options.port ?? (await freePort());
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const mailServer: TestMailServer = {
    ...{ port, mails, logins, answers, nobodies, held: null },
    connections: () => ({ ever, now: server.connections.size }),
    cut: () => {
      for (const { _socket } of server.connections) _socket.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
  return mailServer;
}
