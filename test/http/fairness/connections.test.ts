import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { shareConnections } from "../../../src/http/fairness/connections.js";

describe("http/fairness/connections", () => {
  let server: Server;
  const opened: Socket[] = [];
  before(async () => {
    server = createServer((socket) => socket.on("error", () => undefined));
    shareConnections(server, 20);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    for (const socket of opened) socket.destroy();
    server.close();
  });

  /** Opens that many from one address of this machine, and tells how many of them are still open a moment later. */
  async function hold(localAddress: string, count: number): Promise<Socket[]> {
    const { port } = server.address() as AddressInfo;
    const sockets = Array.from({ length: count }, () =>
      connect({ port, host: "127.0.0.1", localAddress }).on("error", () => undefined),
    );
    opened.push(...sockets);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return sockets.filter((socket) => !socket.closed && !socket.readableEnded);
  }

  it("leaves half to others, whoever opens more and more, and takes them again when they are closed", async () => {
    const greedy = await hold("127.0.0.2", 100);
    expect(greedy).to.have.length(10);
    expect(await hold("127.0.0.3", 3)).to.have.length(3);
    for (const socket of greedy) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await hold("127.0.0.2", 5)).to.have.length(5);
  });

  it("takes all addresses of one customer's network in IPv6 for one, and those of IPv4 that come over IPv6 for themselves", () => {
    // no machine has so many addresses: connections as the server is told of them
    const told = createServer();
    shareConnections(told, 40);
    const open = (count: number, addressOf: (index: number) => string) => {
      const sockets = Array.from({ length: count }, (_, index) =>
        Object.assign(new EventEmitter(), {
          remoteAddress: addressOf(index),
          isOpen: true,
          destroy(this: { isOpen: boolean }) {
            this.isOpen = false;
          },
        }),
      );
      for (const socket of sockets) told.emit("connection", socket);
      return sockets.filter(({ isOpen }) => isOpen).length;
    };
    expect(open(100, (index) => `2001:db8:1:2:${index.toString(16)}::1`)).to.equal(20);
    expect(open(3, (index) => `2001:db8:1:3::${index + 1}`)).to.equal(3);
    expect(open(3, (index) => `::ffff:203.0.113.${index + 1}`)).to.equal(3);
  });
});
