/** What a body may cost: a stranger's is not read at all, and a service's only up to its bound. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { relayNodeProfile, signUp } from "../../../src/demo/people.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import {
  API_KEY,
  CCIP_PATH,
  DOMAIN,
  openTestService,
  type TestService,
} from "../openTestService.js";

const UNKNOWN_KEY = apiKeyFrom(bytes(32, 0x77));
const MEGABYTE = 1_048_576;
const ROUTES = [
  `/v1/names/alice.${DOMAIN}/profile`,
  `/v1/names/alice.${DOMAIN}/records`,
  `/v1/relay-nodes/alice.${DOMAIN}`,
];

describe("http: bodies of the service API", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  async function put(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = { authorization: `Bearer ${API_KEY}` },
  ) {
    const response = await fetch(http.url + path, { method: "PUT", headers, body });
    const text = await response.text();
    const { code, message } = JSON.parse(text) as { code?: string; message?: string };
    return { status: response.status, code, message, text };
  }

  /** The head of a PUT, of which not one byte of the announced body follows. */
  async function putWithoutBody(path: string, headers: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(http.url);
    const socket: Socket = connect(Number(port), hostname);
    socket.setEncoding("utf8");
    const head = [`PUT ${path} HTTP/1.1`, "Host: x", ...headers];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [string];
    socket.destroy();
    return answer;
  }

  for (const [who, authorization] of Object.entries({
    "no API key": [],
    "an unknown API key": [`Authorization: Bearer ${UNKNOWN_KEY}`],
  })) {
    it(`with ${who} is not waited for: 401 before a byte of it came`, async () => {
      for (const path of ROUTES) {
        for (const length of ["Content-Length: 1048576", "Transfer-Encoding: chunked"]) {
          for (const encoding of [[], ["Content-Encoding: gzip"]]) {
            const headers = [...authorization, length, ...encoding];
            expect(await putWithoutBody(path, headers)).to.match(/^HTTP\/1\.1 401 /);
          }
        }
      }
    });
  }

  it("without an API key is 401 whatever it holds: a megabyte, a bomb, no JSON", async () => {
    const bodies: [body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>][] = [
      ["x".repeat(MEGABYTE), {}],
      [gzipSync(new Uint8Array(100 * MEGABYTE)), { "content-encoding": "gzip" }],
      ["{", { "content-type": "application/json" }],
    ];
    for (const [body, headers] of bodies) {
      for (const path of ROUTES) {
        const { status, code } = await put(path, body, headers);
        expect({ status, code }).to.deep.equal({ status: 401, code: "UNAUTHORIZED" });
      }
    }
  });

  it("that are compressed are refused, however little they would become: 400", async () => {
    const records = new TextEncoder().encode(JSON.stringify({ texts: { avatar: "a" } }));
    const zeros = new Uint8Array(10 * MEGABYTE);
    const compressed = {
      gzip: gzipSync,
      deflate: deflateSync,
      br: (body: Uint8Array) => brotliCompressSync(body),
    };
    for (const [encoding, compress] of Object.entries(compressed)) {
      for (const plain of [records, zeros]) {
        const body = Uint8Array.from(compress(plain));
        const headers = { authorization: `Bearer ${API_KEY}`, "content-encoding": encoding };
        for (const path of ROUTES) {
          const { status, code } = await put(path, body, headers);
          expect({ status, code }).to.deep.equal({ status: 400, code: "INVALID_REQUEST" });
        }
        const lookup = await fetch(http.url + CCIP_PATH, { method: "POST", headers, body });
        expect(lookup.status).to.equal(400);
      }
    }
    expect(await http.v1("GET", `/names/alice.${DOMAIN}`)).to.include({ status: 404 });
  });

  it("of profiles and relay nodes may have 32 KiB, of records 1 MiB: 413", async () => {
    const person = await signUp(["relay.eth"]);
    const bounds: [path: string, body: unknown, longest: number][] = [
      [`/v1/names/bounds.${DOMAIN}/profile`, person, 32 * 1024],
      [`/v1/relay-nodes/bounds.${DOMAIN}`, relayNodeProfile("https://relay.example"), 32 * 1024],
      [`/v1/names/bounds.${DOMAIN}/records`, { texts: { avatar: "a" } }, MEGABYTE],
    ];
    for (const [path, body, longest] of bounds) {
      const json = JSON.stringify(body);
      expect((await put(path, json.padEnd(longest))).status, path).to.be.within(200, 201);
      const { status, code } = await put(path, json.padEnd(longest + 1));
      expect({ status, code }, path).to.deep.equal({ status: 413, code: "TOO_LARGE" });
    }
  });

  // how little is done for such a body, see ownRecordsSchema's test
  it("with tens of thousands of faults are answered with a few of them: 400", async () => {
    const many = (count: number, entry: (index: number) => string) =>
      `{${Array.from({ length: count }, (_, index) => entry(index)).join()}}`;
    const long = "k".repeat(900);
    const few = /^The body is not as expected: .+\.$/;
    const tooMany = /at most 64 records of this kind\.$/; // counted, not looked at one by one
    const bodies: Readonly<Record<string, readonly [body: string, message: RegExp]>> = {
      "90,000 texts that are none": [`{"texts":${many(90_000, (i) => `"k${i}":0`)}}`, tooMany],
      "70,000 addresses that are none": [
        `{"addresses":${many(70_000, (i) => `"x${i}":"y"`)}}`,
        tooMany,
      ],
      "64 texts that are none": [`{"texts":${many(64, (i) => `"key-number-${i}":0`)}}`, few],
      "64 texts with keys that are too long": [
        `{"texts":${many(64, (i) => `"${long}${i}":0`)}}`,
        few,
      ],
      "90,000 fields that do not exist": [many(90_000, (i) => `"k${i}":0`), few],
      "a field with a name of a megabyte": [`{"${"k".repeat(1_000_000)}":0}`, few],
    };
    for (const [title, [body, sentence]] of Object.entries(bodies)) {
      const path = `/v1/names/faults.${DOMAIN}/records`;
      const { status, code, text, message } = await put(path, body);
      expect({ status, code }, title).to.deep.equal({ status: 400, code: "INVALID_REQUEST" });
      expect(message, title).to.match(sentence);
      expect(text.length, title).to.be.below(2_000);
    }
  });
});
