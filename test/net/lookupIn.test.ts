import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect } from "chai";
import { addressesIn, assertPrivateNetwork, lookupIn } from "../../src/net/lookupIn.js";
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

  const inside = {
    "10.0.0.0/8": "10.255.255.255",
    "10.1.0.0/16": "10.1.2.3",
    "172.16.0.0/12": "172.31.0.1",
    "192.168.7.0/24": "192.168.7.255",
    "100.64.0.0/10": "100.127.0.1",
    "127.0.0.1/32": "127.0.0.1",
    "::1/128": "::1",
    "fd12:3456::/32": "fd12:3456:ffff::1",
  };
  for (const [network, address] of Object.entries(inside)) {
    it(`finds ${address} in ${network}`, () => {
      assertPrivateNetwork(network);
      expect(addressesIn(network)(address)).to.equal(true);
      expect(addressesIn(null)(address)).to.equal(false);
    });
  }

  const outside = [
    ["10.1.0.0/16", "10.2.0.1"],
    ["10.0.0.0/8", "::ffff:10.0.0.1"],
    ["10.0.0.0/8", "::ffff:a00:1"],
    ["10.0.0.0/8", "0:0:0:0:0:ffff:a00:1"],
    ["10.0.0.0/8", "0::FFFF:10.0.0.1"],
    ["10.0.0.0/8", "169.254.169.254"],
    ["10.0.0.0/8", "8.8.8.8"],
    ["127.0.0.1/32", "127.0.0.2"],
    ["fc00::/7", "fe80::1"],
    ["10.0.0.0/8", "no address"],
    ["10.0.0.0/8", ""],
    // metadata of clouds that lie inside of private networks
    ["100.64.0.0/10", "100.100.100.200"],
    ["fc00::/7", "fd00:ec2::254"],
    ["fc00::/7", "fd00:0ec2:0:0::254"],
    ["fd00:ec2::254/128", "fd00:ec2::254"],
    ["fd20::/16", "fd20:ce::254"],
  ] as const;
  for (const [network, address] of outside) {
    it(`finds "${address}" not in ${network}`, () => {
      expect(addressesIn(network)(address)).to.equal(false);
    });
  }

  const wrong = [
    ...["0.0.0.0/0", "::/0", "8.8.8.0/24", "169.254.0.0/16", "169.254.169.254/32", "fe80::/10"],
    ...["10.0.0.0/7", "172.16.0.0/11", "fc00::/6", "127.0.0.0/7", "0.0.0.0/32", "::/128"],
    ...["::ffff:10.0.0.0/104", "10.0.0.0/33", "10.0.0.0/", "/8", "", "localhost", "10.0.0.1"],
  ];
  for (const text of wrong) {
    it(`takes "${text}" for no private network`, () => {
      expectError(
        () => {
          assertPrivateNetwork(text);
        },
        "INVALID_CONFIGURATION",
        /no private network/,
      );
    });
  }

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
