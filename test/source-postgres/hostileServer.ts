/** A server that only says that it is Postgres, and sends what a test wants. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { lookupIn } from "../../src/net/lookupIn.js";
import { postgresSettings } from "../../src/registry/sources/postgresSettings.js";
import type { ListedSource } from "../../src/registry/sources/source.js";
import { openPostgresSource } from "../../src/source-postgres/openPostgresSource.js";

/** @param length as it is told, which may be another one than that of the body */
export function message(
  type: string,
  body: Uint8Array = Buffer.alloc(0),
  length = body.length + 4,
): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
}
export const AUTHENTICATED = message("R", Buffer.alloc(4));
export const READY = message("Z", Buffer.from("I"));
export const LET_IN = Buffer.concat([AUTHENTICATED, READY]);

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const TEXT = 25;
export const BOOL = 16;

/** By the types of its columns. */
export function description(...types: number[]): Buffer {
  const column = (type: number) =>
    Buffer.concat([Buffer.from("c\0"), int32(0), int16(0), int32(type), Buffer.alloc(8)]);
  return message("T", Buffer.concat([int16(types.length), ...types.map(column)]));
}
export function dataRow(...values: (string | null)[]): Buffer {
  const value = (text: string | null) =>
    text === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)]);
  return message("D", Buffer.concat([int16(values.length), ...values.map(value)]));
}
export const complete = (tag: string) => message("C", Buffer.from(`${tag}\0`));

const IS_BOUND = Buffer.concat([description(BOOL), dataRow("t"), complete("SELECT 1"), READY]);

export interface HostileServer {
  readonly port: number;
  /** The connections that the other side has not closed. */
  readonly open: ReadonlySet<Socket>;
  /** Its table has a label, and a wallet where `hasWallet`. */
  source(hasWallet?: boolean): ListedSource;
  close(): void;
}

/**
 * @param login what it answers the first message with
 * @param answer to each question but the first one of a connection, whether its bounds hold
 */
export async function startHostileServer(
  login: Uint8Array,
  answer: Uint8Array = Buffer.alloc(0),
): Promise<HostileServer> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    let questions = 0;
    socket.once("data", () => {
      socket.write(login);
      socket.on("data", (sent) => {
        // SYNC ends a question
        if (sent.at(-5) !== 0x53) return;
        socket.write(questions++ === 0 ? IS_BOUND : answer);
      });
    });
    // it never closes a connection by itself: whether the other side did shows by what is sent there
    const probing = setInterval(() => {
      if (socket.readableEnded) socket.write(message("N", Buffer.alloc(1)));
    }, 20);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(probing);
      open.delete(socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, open },
    source: (hasWallet = false) => {
      const settings = postgresSettings.parse({
        ...{ kind: "postgres", host: "127.0.0.1", port, database: "d", user: "u", tls: "off" },
        ...{ schema: "s", table: "t", network: "127.0.0.0/8" },
        columns: { label: "l", wallet: hasWallet ? "w" : null },
      });
      const lookup = lookupIn(settings.network);
      return openPostgresSource({
        ...{ id: "1", domain: "a.eth", settings, password: "p", lookup },
      });
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
