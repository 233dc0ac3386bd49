/** A server that only says that it is Postgres. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { lookupIn } from "../../src/net/lookupIn.js";
import { postgresSettings } from "../../src/registry/sources/postgresSettings.js";
import { LONGEST_ANSWER_BYTES } from "../../src/source-postgres/boundedClient.js";
import { openPostgresSource } from "../../src/source-postgres/openPostgresSource.js";
import { expectRejection } from "../expectError.js";
import { LET_IN, message } from "./hostileServer.js";

describe("source-postgres/boundedClient", function () {
  this.timeout(60_000);
  let server: Server | undefined;
  let sent = 0;
  const sockets = new Set<Socket>();

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server?.close();
  });

  /** @param answer what it does with what it is sent: `count` counts the pieces of a connection */
  async function listen(answer: (socket: Socket, count: number) => void): Promise<number> {
    sent = 0;
    server = createServer((socket) => {
      sockets.add(socket);
      let count = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        answer(socket, count++);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }
  function endless(socket: Socket): void {
    const piece = Buffer.alloc(64 * 1024);
    const more = () => {
      while (!socket.destroyed && sent < 100 * LONGEST_ANSWER_BYTES) {
        sent += piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on("drain", more);
    more();
  }
  async function ask(port: number, tls: "off" | "verified" = "off") {
    const settings = postgresSettings.parse({
      ...{ kind: "postgres", host: "127.0.0.1", port, database: "d", user: "u", tls },
      ...{ schema: "s", table: "t", network: "127.0.0.0/8", columns: { label: "l" } },
    });
    const lookup = lookupIn(settings.network);
    const source = openPostgresSource({
      ...{ id: "1", domain: "a.eth", settings, password: "a secret", lookup },
    });
    const startMs = performance.now();
    const error = await expectRejection(
      source.rowsOf(["x"]),
      "SOURCE_UNAVAILABLE",
      /did not answer/,
    );
    await source.close();
    return { reason: error.details["reason"], tookMs: performance.now() - startMs };
  }

  it("reads only so much of an answer without an end", async () => {
    const port = await listen((socket, count) => {
      if (count === 0) socket.write(LET_IN);
      else {
        socket.write(message("D", Buffer.alloc(0), 1_000_000_000));
        endless(socket);
      }
    });
    expect((await ask(port)).reason).to.equal("its answer is too long");
    expect(sent).to.be.below(4 * LONGEST_ANSWER_BYTES);
  });

  it("reads only so much before it is let in", async () => {
    const port = await listen((socket) => {
      socket.write(message("E", Buffer.alloc(0), 1_000_000_000));
      endless(socket);
    });
    await ask(port);
    expect(sent).to.be.below(4 * LONGEST_ANSWER_BYTES);
  });

  it("waits only so long for a server that is silent, at each point", async () => {
    const silent = await listen(() => undefined);
    expect((await ask(silent)).tookMs).to.be.below(2_000);
    server?.close();
    const admitting = await listen((socket, count) => {
      if (count === 0) socket.write(LET_IN);
    });
    expect((await ask(admitting)).tookMs).to.be.below(2_000);
  });

  it("sends nothing to a server without TLS where that is wanted", async () => {
    let received = Buffer.alloc(0);
    const port = await listen((socket) => {
      socket.write("N");
    });
    server?.on("connection", (socket: Socket) => {
      socket.on("data", (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
    });
    await ask(port, "verified");
    // the question whether it knows TLS
    expect(received.length).to.equal(8);
  });
});
