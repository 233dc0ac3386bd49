/**
 * A small IMAP server (RFC 3501, IDLE of RFC 2177, MOVE of RFC 6851) with one inbox for each account: what Delta Chat and other
 * clients need to receive. For this machine alone: no TLS, and nothing is kept.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { ImapSession } from "./imapSession.js";
import type { MailAccounts } from "./mailboxes.js";

/** Of a line with its literals; clients of the demo send no mails this way. */
const LONGEST_COMMAND = 100_000;

export interface ImapServer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** On a free port of the loopback interface. */
export async function startImapServer(accounts: MailAccounts): Promise<ImapServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay());
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    serve(socket, accounts);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server.close(), "close");
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket, accounts: MailAccounts): void {
  const session = new ImapSession(accounts, {
    send: (bytes) => socket.write(bytes),
    end: () => socket.end(),
  });
  let waiting = "";
  socket.setEncoding("latin1");
  socket.on("close", () => {
    session.stop();
  });
  socket.on("data", (chunk: string) => {
    waiting += chunk;
    for (let end = commandEnd(waiting); end !== -1; end = commandEnd(waiting)) {
      const command = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      session.hear(command);
    }
    if (waiting.length > LONGEST_COMMAND) socket.destroy();
    // the client sends a literal only when it was asked to
    else if (/\{\d+\}\r\n$/.test(waiting)) socket.write("+ go on\r\n");
  });
}

/** Where the first whole command ends: at a line end that is in no literal and announces none; -1 where there is none yet. */
function commandEnd(text: string): number {
  for (let from = 0; ;) {
    const end = text.indexOf("\r\n", from);
    if (end === -1) return -1;
    const [, literal] = /\{(\d+)\+?\}$/.exec(text.slice(from, end)) ?? [];
    if (literal === undefined) return end;
    from = end + 2 + Number(literal);
    if (from > text.length) return -1;
  }
}
