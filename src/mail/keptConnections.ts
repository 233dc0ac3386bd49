/** SMTP connections that stay open after a mail, for the next one to the same server: few, and not for long. */
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { sayGoodbye, type SmtpPeer } from "./smtpConnection.js";

export interface OpenConnection {
  readonly connection: SMTPConnection;
  /** When it was opened, in ms of `performance.now`. */
  readonly sinceMs: number;
  /** Mails that the server took on it. */
  readonly mails: number;
}

export interface KeptConnections {
  /** One to this server, which nobody else has then; null where there is none. */
  readonly take: (peer: SmtpPeer) => OpenConnection | null;
  /** After a mail that the server took. Ends the connection where it was used enough, or enough others are kept. */
  readonly keep: (peer: SmtpPeer, open: OpenConnection) => void;
  /** Ends all of them. None is kept from here on. */
  readonly stop: () => void;
}

interface KeepingBounds {
  /** Connections that wait for a mail: to one server, and to all. */
  readonly toOne: number;
  readonly toAll: number;
  /** In ms: without a mail, and in all. */
  readonly idleMs: number;
  readonly oldestMs: number;
  readonly mails: number;
}

/** Servers wait five minutes for a command (RFC 5321, section 4.5.3.2.7), but each connection takes a place of theirs. */
const USUAL: KeepingBounds = {
  ...{ toOne: 4, toAll: 32, mails: 100 },
  ...{ idleMs: 5_000, oldestMs: 120_000 },
};

interface Waiting {
  readonly open: OpenConnection;
  readonly timer: NodeJS.Timeout;
}

export function keptConnections(change: Partial<KeepingBounds> = {}): KeptConnections {
  const bounds = { ...USUAL, ...change };
  const waiting = new Map<string, Waiting[]>();
  let count = 0;
  let isStopped = false;

  function drop(key: string, one: Waiting): void {
    clearTimeout(one.timer);
    const others = (waiting.get(key) ?? []).filter((other) => other !== one);
    if (others.length > 0) waiting.set(key, others);
    else waiting.delete(key);
    count--;
  }

  function isWorthKeeping(key: string, { connection, sinceMs, mails }: OpenConnection): boolean {
    return (
      !isStopped &&
      !connection.destroyed &&
      mails < bounds.mails &&
      performance.now() - sinceMs < bounds.oldestMs &&
      count < bounds.toAll &&
      (waiting.get(key)?.length ?? 0) < bounds.toOne
    );
  }

  return {
    take: (peer) => {
      const key = keyOf(peer);
      // the one that was used last: the others may end
      for (const one of (waiting.get(key) ?? []).toReversed()) {
        drop(key, one);
        // the server may have ended it meanwhile
        if (!one.open.connection.destroyed) return one.open;
      }
      return null;
    },
    keep: (peer, open) => {
      const key = keyOf(peer);
      if (!isWorthKeeping(key, open)) {
        sayGoodbye(open.connection);
        return;
      }
      const timer = setTimeout(() => {
        drop(key, one);
        sayGoodbye(open.connection);
      }, bounds.idleMs).unref();
      const one: Waiting = { open, timer };
      waiting.set(key, [...(waiting.get(key) ?? []), one]);
      count++;
    },
    stop: () => {
      isStopped = true;
      for (const [key, all] of waiting) {
        for (const one of all) {
          drop(key, one);
          sayGoodbye(one.open.connection);
        }
      }
    },
  };
}

/** What makes two connections the same. */
function keyOf({ host, port, name, tls, isImplicitTls, account }: SmtpPeer): string {
  return JSON.stringify([host, port, name, tls, isImplicitTls, account?.user ?? null]);
}
