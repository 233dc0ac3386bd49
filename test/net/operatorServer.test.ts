/** Servers that an operator names must not lead into the network around us: listeners that are never reached. */
import type { LookupAddress } from "node:dns";
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect } from "chai";
import type { LookupAll } from "../../src/net/guardedLookup.js";
import { openOperatorServer, type OperatorServer } from "../../src/net/operatorServer.js";
import { expectError, expectRejection } from "../expectError.js";
import { answerJson, type LoopbackServer, redirectTo, serve } from "../lookup/loopbackServer.js";

const BOUNDS = { mostConnections: 4, connectTimeoutMs: 500 };
const GET = { method: "GET", headers: {}, maxBytes: 1_000, timeoutMs: 1_000 } as const;

/** Listens on all addresses of this machine, and counts who comes. */
interface Listener {
  readonly port: number;
  connections: number;
  close(): void;
}

async function listen(): Promise<Listener> {
  const server: Server = createServer((socket) => {
    listener.connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "::", resolve));
  const { port } = server.address() as AddressInfo;
  const listener: Listener = { port, connections: 0, close: () => server.close() };
  return listener;
}

/** A DNS server's word for one host, in turn; the last one stays. */
function dns(...answers: (readonly string[])[]): LookupAll & { readonly asked: () => number } {
  let asked = 0;
  const lookup: LookupAll = (_hostname, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)]!;
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    setImmediate(() => {
      callback(null, found);
    });
  };
  return Object.assign(lookup, { asked: () => asked });
}

describe("net/operatorServer", () => {
  let listener: Listener;
  const opened: OperatorServer[] = [];

  before(async () => {
    listener = await listen();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((server) => server.close()));
    expect(listener.connections, "connections to the listener").to.equal(0);
  });
  after(() => {
    listener.close();
  });

  const open = (url: string, network: string | null = null, lookup?: LookupAll) => {
    const server = openOperatorServer(new URL(url), network, BOUNDS, lookup);
    opened.push(server);
    return server;
  };
  const ask = (server: OperatorServer, url: string) => server.send(new URL(url), GET);

  const literal = [
    "127.0.0.1",
    "127.8.8.8",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.192",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[fc00::1]",
  ];
  for (const host of literal) {
    it(`opens nothing to ${host}`, () => {
      const expectForbidden = (scheme: string, network: string | null) =>
        expectError(
          () => open(`${scheme}://${host}:${listener.port}/`, network),
          "FORBIDDEN_ADDRESS",
          network === null ? /it has no public address/ : /it has no address in 10\.99/,
        );
      expectForbidden("https", null);
      expectForbidden("https", "10.99.0.0/16");
      expectForbidden("http", "10.99.0.0/16");
    });
  }

  it("does not see a named network in other notations of its addresses", () => {
    expectError(
      () => open(`https://[::ffff:127.0.0.1]:${listener.port}/`, "127.0.0.0/8"),
      "FORBIDDEN_ADDRESS",
      /no address in 127\.0\.0\.0\/8/,
    );
  });

  it("opens no other private network than the one that was named", () => {
    expectError(
      () => open(`https://127.0.0.1:${listener.port}/`, "10.0.0.0/8"),
      "FORBIDDEN_ADDRESS",
      /no address in 10\.0\.0\.0\/8/,
    );
  });

  const inside = {
    loopback: ["127.0.0.1"],
    "loopback over IPv6": ["::1"],
    "several, all inside": ["127.0.0.1", "::1", "10.0.0.1"],
    private: ["10.0.0.1"],
    "link-local": ["169.254.1.1", "fe80::1"],
    metadata: ["169.254.169.254", "fd00:ec2::254"],
    unspecified: ["0.0.0.0", "::"],
    "mapped loopback": ["::ffff:127.0.0.1"],
    nothing: [],
  };
  for (const [title, addresses] of Object.entries(inside)) {
    it(`reaches nobody by a name that resolves to ${title}`, async () => {
      const url = `https://users.example.com:${listener.port}/`;
      const asked = ask(open(url, null, dns(addresses)), url);
      await expectRejection(asked, "FORBIDDEN_ADDRESS", /users\.example\.com/);
    });
  }

  it("reaches nobody by localhost, as this machine resolves it", async () => {
    const url = `https://localhost:${listener.port}/`;
    await expectRejection(ask(open(url), url), "FORBIDDEN_ADDRESS", /localhost/);
  });

  it("speaks no http: to public addresses", async () => {
    const url = `http://users.example.com:${listener.port}/`;
    const asked = ask(open(url, "10.0.0.0/8", dns(["93.184.216.34"])), url);
    await expectRejection(asked, "FORBIDDEN_ADDRESS", /users\.example\.com/);
    expectError(
      () => open("http://93.184.216.34/"),
      "FORBIDDEN_ADDRESS",
      /http: is for a private network alone/,
    );
  });

  it("reaches no public address where a private network was named", async () => {
    const url = "https://users.example.com/";
    const asked = ask(open(url, "10.0.0.0/8", dns(["93.184.216.34"])), url);
    await expectRejection(asked, "FORBIDDEN_ADDRESS", /no address in 10\.0\.0\.0\/8/);
  });

  it("opens nothing where the network that was named is not private", () => {
    for (const network of ["0.0.0.0/0", "169.254.0.0/16", "8.8.8.0/24"]) {
      expectError(() => open("https://8.8.8.8/", network), "INVALID_CONFIGURATION", /no private/);
    }
  });

  describe("in a network that was named", () => {
    let server: LoopbackServer;

    before(async () => {
      server = await serve(answerJson({ from: "service" }));
    });
    after(() => server.close());

    const urlOf = (host: string) => `http://${host}:${new URL(server.url).port}/`;

    it("reaches a literal address", async () => {
      const url = urlOf("127.0.0.1");
      expect(await ask(open(url, "127.0.0.1/32"), url)).to.have.property("status", 200);
    });

    it("takes of a name's addresses only those that are in it", async () => {
      const url = urlOf("users.example.com");
      const lookup = dns(["127.0.0.2", "10.0.0.1", "127.0.0.1"]);
      expect(await ask(open(url, "127.0.0.1/32", lookup), url)).to.have.property("status", 200);
    });

    it("looks at the address each time that it connects, whatever it was before (DNS rebinding)", async () => {
      const url = urlOf("users.example.com");
      const lookup = dns(["127.0.0.1"], ["127.0.0.2"]);
      server.handler = (_request, response) => {
        response.writeHead(200, { connection: "close" }).end("{}");
      };
      const connected = open(url, "127.0.0.1/32", lookup);
      expect(await ask(connected, url)).to.have.property("status", 200);
      const before = server.requests.length;
      await expectRejection(ask(connected, url), "FORBIDDEN_ADDRESS", /users\.example\.com/);
      expect(server.requests).to.have.length(before);
      expect(lookup.asked()).to.equal(2);
    });

    it("follows no redirect", async () => {
      const url = urlOf("127.0.0.1");
      for (const status of [301, 302, 303, 307, 308]) {
        server.handler = (_request, response) => {
          response.writeHead(status, { location: `http://127.0.0.1:${listener.port}/` }).end();
        };
        const asked = ask(open(url, "127.0.0.0/8"), url);
        await expectRejection(asked, "UNREACHABLE", /redirect/);
      }
      server.handler = redirectTo("/elsewhere");
      await expectRejection(ask(open(url, "127.0.0.0/8"), url), "UNREACHABLE", /redirect/);
      expect(server.requests.at(-1)).to.equal("GET /");
    });

    it("asks DNS once for all who wait", async () => {
      server.handler = answerJson({});
      const url = urlOf("localhost");
      const connected = open(url, "127.0.0.1/32");
      const all = await Promise.all(Array.from({ length: 4 }, () => ask(connected, url)));
      expect(all.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    });
  });

  it("sends nothing to another server than the one that is open", async () => {
    const server = open("https://users.example.com/");
    const other = `http://127.0.0.1:${listener.port}/`;
    await expectRejection(ask(server, other), "INTERNAL", /another server/);
  });
});
