/** SMTP in (RFC 5321), by smtp-server, within bounds: connections, recipients, time and bytes. What is taken is decided elsewhere. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from "smtp-server";
import { SignpostError } from "../errors.js";
import { type ConnectionBounds, connectionCounts } from "./connectionCounts.js";
import { assertFits, assertOneMore, assertParameters, connectionOf } from "./envelopeRules.js";
import type { Connection } from "./evidence.js";
import { isPassing } from "./passing.js";
import type { Recipient } from "./recipients.js";
import { SmtpRefusal, tooSlow, tryLater } from "./smtpReply.js";

export interface InletSettings {
  /** Where it listens; port 0 takes a free one. */
  readonly host: string;
  readonly port: number;
  /** As which it greets: the host name of its MX record. */
  readonly hostName: string;
  /** In PEM. Null: no TLS, for behind a proxy that does it, or on loopback. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Of a mail, in bytes; announced. */
  readonly sizeLimit: number;
  readonly connections: ConnectionBounds;
  /** In ms, of a connection without a word; of one mail; of a whole connection. */
  readonly idleMs: number;
  readonly longestMailMs: number;
  readonly longestConnectionMs: number;
}

/** Each throws SmtpRefusal; what else it throws is "try later", and the operator is told of it unless it passes by itself. */
export interface InletHandlers {
  readonly recipient: (text: string, connection: Connection) => Promise<Recipient>;
  readonly mail: (
    stream: SMTPServerDataStream,
    recipients: readonly Recipient[],
    connection: Connection,
  ) => Promise<void>;
  readonly trouble: (error: unknown) => void;
}

export interface SmtpInlet {
  readonly port: number;
  /** Mails that are being received get some seconds to end. */
  readonly stop: () => Promise<void>;
}

type Answer = (error?: Error | null, message?: string) => void;

const STOP_MS = 5_000;

/** Throws INVALID_CONFIGURATION where it cannot listen. */
export async function openInlet(
  settings: InletSettings,
  handlers: InletHandlers,
): Promise<SmtpInlet> {
  const counts = connectionCounts(settings.connections);
  const recipients = new WeakMap<SMTPServerAddress, Recipient>();
  /** Of connections, by their ids. */
  const receiving = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isStopping = false;

  const server = new SMTPServer({
    ...optionsOf(settings),
    onConnect: (session, callback) => {
      answer(callback, () => {
        counts.open(session.id, session.remoteAddress);
        timers.set(session.id, cutAfter(settings.longestConnectionMs, session.id));
      });
    },
    onClose: ({ id }) => {
      counts.close(id);
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
    onMailFrom: (address, _session, callback) => {
      answer(callback, () => {
        assertParameters(address);
      });
    },
    onRcptTo: (address, session, callback) => {
      answer(callback, async () => {
        const connection = connectionOf(session);
        const before = session.envelope.rcptTo.length;
        assertParameters(address);
        assertOneMore(before);
        const recipient = await handlers.recipient(address.address, connection);
        assertFits(recipient, connection, before);
        recipients.set(address, recipient);
      });
    },
    onData: (stream, session, callback) => {
      answer(
        whenReceived(session, callback),
        () => {
          const all = session.envelope.rcptTo.map((one) => recipients.get(one));
          return handlers.mail(stream, all.filter(isKnown), connectionOf(session));
        },
        "2.6.0 Kept",
      );
    },
  });

  function whenReceived({ id }: SMTPServerSession, callback: Answer): Answer {
    const timer = cutAfter(settings.longestMailMs, id);
    receiving.add(id);
    return (error, message) => {
      clearTimeout(timer);
      receiving.delete(id);
      callback(error, message);
      // before a mail that hides behind this one is read
      const isOver = error instanceof SmtpRefusal && error.endsConnection;
      if (isOver || isStopping) connectionWith(id)?.close();
    };
  }

  function answer(callback: Answer, task: () => Promise<void> | void, message?: string): void {
    Promise.resolve()
      .then(task)
      .then(
        () => {
          callback(null, message);
        },
        (error: unknown) => {
          const isRefusal = error instanceof SmtpRefusal;
          if (!isRefusal && !isPassing(error) && !isCutOff(error)) handlers.trouble(error);
          callback(isRefusal ? error : tryLater());
        },
      );
  }

  const connectionWith = (id: string) => [...server.connections].find((one) => one.id === id);

  function cutAfter(ms: number, id: string): NodeJS.Timeout {
    const timer = setTimeout(() => {
      connectionWith(id)?.send(421, tooSlow().message);
    }, ms);
    return timer.unref();
  }

  // a connection that breaks is the other server's business; `listening` fails below
  server.on("error", () => undefined);
  const listening = server.listen(settings.port, settings.host);
  try {
    await once(listening, "listening");
  } catch (error) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `SMTP cannot listen on ${settings.host}:${settings.port} (${String((error as { code?: unknown }).code)}). Free the port or give another one (MAIL_LISTEN).`,
      {},
      { cause: error },
    );
  }

  return {
    port: (listening.address() as AddressInfo).port,
    stop: async () => {
      isStopping = true;
      for (const one of server.connections) if (!receiving.has(one.id)) one.close();
      await new Promise<void>((resolve) => {
        server.close(resolve);
      });
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

function optionsOf(settings: InletSettings): SMTPServerOptions {
  return {
    ...(settings.tls ?? {}),
    name: settings.hostName,
    // our own sentences begin with their enhanced codes
    hideENHANCEDSTATUSCODES: true,
    hideDSN: true,
    hideREQUIRETLS: true,
    disabledCommands: [
      ...["AUTH", "VRFY", "HELP", "WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD"],
      ...(settings.tls === null ? ["STARTTLS"] : []),
    ],
    disableReverseLookup: true,
    logger: false,
    size: settings.sizeLimit,
    maxClients: settings.connections.atOnce,
    socketTimeout: settings.idleMs,
    closeTimeout: STOP_MS,
  };
}

/** The connection ended in the middle of a mail. */
function isCutOff(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNECTION" || code === "ERR_STREAM_PREMATURE_CLOSE";
}

const isKnown = (recipient: Recipient | undefined): recipient is Recipient =>
  recipient !== undefined;
