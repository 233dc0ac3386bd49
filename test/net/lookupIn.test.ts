import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect } from "chai";
import { assertPrivateNetwork, lookupIn } from "../../src/net/lookupIn.js";
import { postgresSettings } from "../../src/registry/sources/postgresSettings.js";
import { openPostgresSource } from "../../src/source-postgres/openPostgresSource.js";
import { expectError, expectRejection } from "../expectError.js";

describe("net/lookupIn", () => {
  const found = (host: string, network: string | null) =>
    new Promise<unknown>((resolve) => {
      lookupIn(network)(host, { all: false }, (error, address) => {
        resolve(error === null ? address : "code" in error ? error.code : "unknown");
      });
    });

  it("takes the networks that are private, and no others", () => {
    for (const network of ["10.1.0.0/16", "127.0.0.0/8", "192.168.1.7/32", "fd00::/8", "::1/128"]) {
      assertPrivateNetwork(network);
    }
    const wrong = ["10.0.0.0/7", "0.0.0.0/0", "169.254.0.0/16", "8.8.8.0/24", "::/0", "fe80::/10"];
    for (const network of [...wrong, "10.0.0.0", "10.0.0.0/33", "10.0.0.0/8/8", "x/8", ""]) {
      expectError(
        () => {
          assertPrivateNetwork(network);
        },
        "INVALID_CONFIGURATION",
        /is no private network/,
      );
    }
  });

  it("finds public addresses only, or those of the network that is named", async () => {
    const cases: [host: string, network: string | null, found: string][] = [
      ["8.8.8.8", null, "8.8.8.8"],
      ["127.0.0.1", null, "FORBIDDEN_ADDRESS"],
      ["localhost", null, "FORBIDDEN_ADDRESS"],
      ["10.0.0.1", null, "FORBIDDEN_ADDRESS"],
      ["169.254.169.254", null, "FORBIDDEN_ADDRESS"],
      ["::1", null, "FORBIDDEN_ADDRESS"],
      ["::ffff:127.0.0.1", null, "FORBIDDEN_ADDRESS"],
      ["10.1.2.3", "10.1.0.0/16", "10.1.2.3"],
      ["10.2.2.3", "10.1.0.0/16", "FORBIDDEN_ADDRESS"],
      ["8.8.8.8", "10.1.0.0/16", "FORBIDDEN_ADDRESS"],
      ["::ffff:10.1.2.3", "10.1.0.0/16", "FORBIDDEN_ADDRESS"],
      ["169.254.169.254", "10.1.0.0/16", "FORBIDDEN_ADDRESS"],
      ["100.100.100.200", "100.64.0.0/10", "FORBIDDEN_ADDRESS"],
      ["fd00:ec2::254", "fd00::/8", "FORBIDDEN_ADDRESS"],
      ["127.0.0.1", "127.0.0.0/8", "127.0.0.1"],
      ["localhost", "127.0.0.0/8", "127.0.0.1"],
    ];
    for (const [host, network, expected] of cases) {
      expect(await found(host, network), `${host} in ${network}`).to.equal(expected);
    }
  });

  describe("in front of a service's Postgres", () => {
    let server: Server;
    let connections = 0;

    before(async () => {
      server = createServer((socket) => {
        connections++;
        socket.destroy();
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    after(() => server.close());

    it("reaches nobody at an address that is not allowed, by name or by number", async () => {
      const { port } = server.address() as AddressInfo;
      for (const host of ["127.0.0.1", "localhost", "0.0.0.0", "0x7f.1", "2130706433"]) {
        const settings = postgresSettings.parse({
          ...{ kind: "postgres", host, port, database: "d", user: "u", schema: "s", table: "t" },
          columns: { label: "l" },
        });
        const source = openPostgresSource({
          ...{ id: "1", domain: "a.eth", settings, password: "p", lookup: lookupIn(null) },
        });
        await expectRejection(source.rowsOf(["x"]), "SOURCE_UNAVAILABLE", /did not answer/);
        await source.close();
      }
      expect(connections).to.equal(0);
    });
  });
});
