/** A DNS server that says something else each time that it is asked: of two listeners, the one that may not be reached never is. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { expect } from "chai";
import { lookupIn } from "../../src/net/lookupIn.js";
import { postgresSettings } from "../../src/registry/sources/postgresSettings.js";
import { openPostgresSource } from "../../src/source-postgres/openPostgresSource.js";
import { expectRejection } from "../expectError.js";

describe("source-postgres: DNS rebinding", () => {
  /** By the address that they listen at. */
  const servers: Server[] = [];
  const reached: (string | undefined)[] = [];
  let port: number;

  before(async () => {
    for (const address of ["127.0.0.1", "127.0.0.2"]) {
      const server = createServer((socket) => {
        reached.push(socket.localAddress);
        socket.destroy();
      }).listen(servers.length === 0 ? 0 : port, address);
      await once(server, "listening");
      ({ port } = server.address() as AddressInfo);
      servers.push(server);
    }
  });
  afterEach(() => {
    reached.length = 0;
  });
  after(() => {
    for (const server of servers) server.close();
  });

  /** @param answers one for each time that DNS is asked */
  function open(network: string | null, answers: readonly string[]) {
    let asked = 0;
    const settings = postgresSettings.parse({
      ...{ kind: "postgres", host: "db.example", port, database: "d", user: "u", tls: "off" },
      ...{ schema: "s", table: "t", network, columns: { label: "l" } },
    });
    const lookup = lookupIn(network, (_host, _options, callback) => {
      const address = answers[asked++] ?? "127.0.0.2";
      setImmediate(() => {
        callback(null, [{ address, family: 4 }]);
      });
    });
    const access = { id: "1", domain: "a.eth", settings, password: "p", lookup };
    return { source: openPostgresSource(access), asked: () => asked };
  }
  const reasonOf = async (asked: Promise<unknown>) =>
    (await expectRejection(asked, "SOURCE_UNAVAILABLE", /did not answer/)).details.reason;

  it("connects to the address that was looked at, and looks at each connection's", async () => {
    const { source, asked } = open("127.0.0.1/32", ["127.0.0.1"]);
    expect(await reasonOf(source.rowsOf(["x"]))).to.equal("the connection was lost");
    expect([asked(), reached]).to.deep.equal([1, ["127.0.0.1"]]);
    expect(await reasonOf(source.rowsOf(["x"]))).to.equal("its address is not allowed");
    expect([asked(), reached]).to.deep.equal([2, ["127.0.0.1"]]);
    await source.close();
  });

  it("goes to the public address that DNS told first, and never to loopback that it tells next", async () => {
    const connected: unknown[] = [];
    // nothing leaves this machine: what a socket is told to connect to is noted, and fails
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const { connect } = Socket.prototype;
    Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
      connected.push(given);
      setImmediate(() => {
        this.destroy(Object.assign(new Error("noted"), { code: "ENETUNREACH" }));
      });
      return this;
    };
    const { source, asked } = open(null, ["93.184.216.34", "127.0.0.1"]);
    try {
      expect(await reasonOf(source.rowsOf(["x"]))).to.equal("ENETUNREACH");
      expect(await reasonOf(source.rowsOf(["x"]))).to.equal("its address is not allowed");
    } finally {
      Socket.prototype.connect = connect;
    }
    expect(connected).to.deep.equal([[port, "93.184.216.34"]]);
    expect([asked(), reached]).to.deep.equal([2, []]);
    await source.close();
  });
});
