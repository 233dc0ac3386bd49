/** Sources of both kinds, opened as the gateway and the command line open them: no host leads to a listener inside of the network. */
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect } from "chai";
import { inspectSource } from "../../../src/capabilities/registry/inspectSource.js";
import { openSource } from "../../../src/capabilities/registry/openSource.js";
import { isSignpostError } from "../../../src/errors.js";
import { httpSettings } from "../../../src/registry/sources/httpSettings.js";
import { postgresSettings } from "../../../src/registry/sources/postgresSettings.js";
import type { SourceSettings } from "../../../src/registry/sources/sourceSettings.js";
import { RFC_KEY, rfcSigner } from "../../source-http/sampleKeys.js";

const SOURCE = { id: "1", domain: "users.example.eth" };

const HOSTS: readonly string[] = [
  ...["127.0.0.1", "127.8.8.8", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"],
  ...["0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"],
  ...["169.254.169.254", "169.254.1.1", "192.0.0.192", "100.100.100.200"],
  ...["::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1"],
  ...["fe80::1", "fc00::1", "fd00:ec2::254"],
];

describe("capabilities/registry: sources that lead into the network around us", function () {
  this.timeout(180_000);
  let listener: Server;
  let port: number;
  let reached = 0;

  before(async () => {
    listener = createServer((socket) => {
      reached++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, "::", resolve));
    ({ port } = listener.address() as AddressInfo);
  });
  beforeEach(() => {
    reached = 0;
  });
  after(() => listener.close());

  const kinds: Readonly<Record<string, (host: string, network: string | null) => SourceSettings>> =
    {
      postgres: (host, network) =>
        postgresSettings.parse({
          ...{ kind: "postgres", host, port, database: "d", user: "u", network },
          ...{ tls: network === null ? "verified" : "off", schema: "s", table: "t" },
          columns: { label: "l" },
        }),
      http: (host, network) => {
        const { publicKey } = rfcSigner;
        const written = host.includes(":") ? `[${host}]` : host;
        const endpoint = `${network === null ? "https" : "http"}://${written}:${port}/users`;
        return httpSettings.parse({ kind: "http", endpoint, network, publicKey });
      },
    };

  /** The codes with which it ends as the gateway asks, and as `source add` and `source test` do. */
  async function codesOf(settings: SourceSettings): Promise<readonly (string | null)[]> {
    const secret = settings.kind === "http" ? RFC_KEY : "a password";
    const ask = async () => {
      const source = openSource(SOURCE, settings, secret, Date.now);
      await source.rowOf("alice").finally(source.close);
    };
    const codes: (string | null)[] = [];
    for (const one of [ask, () => inspectSource(SOURCE, settings, secret)]) {
      codes.push(
        await one().then(
          () => null,
          (error: unknown) => (isSignpostError(error) ? error.code : String(error)),
        ),
      );
    }
    return codes;
  }

  for (const [kind, settingsOf] of Object.entries(kinds)) {
    for (const network of [null, "10.99.0.0/16"]) {
      it(`${kind}: reaches nobody in ${network ?? "any private network"}`, async () => {
        for (const host of HOSTS) {
          const codes = await codesOf(settingsOf(host, network));
          for (const code of codes) {
            expect(code, host).to.be.oneOf(["FORBIDDEN_ADDRESS", "SOURCE_UNAVAILABLE"]);
          }
        }
        expect(reached).to.equal(0);
      });
    }

    it(`${kind}: reaches a network that the operator named`, async () => {
      expect(await codesOf(settingsOf("127.0.0.1", "127.0.0.0/8"))).to.deep.equal([
        "SOURCE_UNAVAILABLE",
        "SOURCE_UNAVAILABLE",
      ]);
      expect(reached).to.be.above(1);
    });
  }
});
