import { expect } from "chai";
import { textRequest } from "../gateway/ensRequest.js";
import {
  CCIP_PATH,
  DOMAIN,
  getRaw,
  openTestService,
  sendRaw,
  type TestService,
} from "./openTestService.js";

describe("http: requests that no client sends", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());
  afterEach(async () => {
    expect(http.failures).to.deep.equal([]);
    // whatever came, the next client is served
    expect(await http.ccip(textRequest(`alice.${DOMAIN}`, "avatar"))).to.include({ status: 200 });
  });

  it("answers malformed percent-encoding with 400 and a sentence, on every surface", async () => {
    for (const escape of ["%", "%E0%A4%A", "%zz", "%ff", "%C0%80"]) {
      const { status, text } = await getRaw(http.url, `${CCIP_PATH}/${escape}`);
      expect(status, escape).to.equal(400);
      expect((JSON.parse(text) as { message: string }).message).to.match(/\.$/);
      for (const path of [`/names/${escape}`, `/relay-nodes/${escape}`]) {
        // without a key as well: the table of paths is public (OpenAPI)
        expect((await getRaw(http.url, `/v1${path}`)).status, path).to.equal(400);
      }
      const known = await http.v1("GET", `/names/${escape}`);
      expect(known.status, escape).to.equal(400);
      expect(known.body["message"]).to.match(/\.$/);
    }
  });

  it("answers paths out of the ordinary with 4xx and a sentence", async () => {
    const paths = [
      "/",
      "//",
      "/../../etc/passwd",
      "/ccip//",
      `${CCIP_PATH}//`,
      "/ccip/1/__proto__/0x",
      "/v1/../ccip",
      "/%00",
      "/v1/names/%00",
      "/v1/names?after=%00",
      "/v1/names?prefix=a%00",
      "/v1/reservations?after=%00",
      "/health",
      "/health/constructor",
      "/?x=%",
      "/ccip/1/%2e%2e/x",
    ];
    for (const path of paths) {
      const { status, text } = await getRaw(http.url, path);
      expect(status, path).to.be.within(400, 404);
      expect((JSON.parse(text) as { message: string }).message, path).to.match(/\.$/);
    }
  });

  it("answers URLs as long as they may be, and refuses longer ones with 4xx", async () => {
    const long = await getRaw(http.url, `${CCIP_PATH}/0x${"00".repeat(7500)}`);
    expect(long.status).to.equal(400);
    expect(long.text).to.match(/does not answer the function 0x00000000/);
    for (const length of [20_000, 1_000_000]) {
      const answer = await sendRaw(
        http.url,
        `GET ${CCIP_PATH}/0x${"0".repeat(length)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      );
      expect(answer).to.match(/^HTTP\/1\.1 4(14|31) /);
    }
  });

  it("survives what is no HTTP at all", async () => {
    for (const garbage of ["\0\0\0\0", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01"]) {
      expect(await sendRaw(http.url, `${garbage}\r\n\r\n`)).to.match(/^HTTP\/1\.1 400 /);
    }
    const head = `POST ${CCIP_PATH} HTTP/1.1\r\nHost: x\r\n`;
    for (const rest of [
      "Content-Length: -1\r\n\r\n",
      "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]) {
      expect(await sendRaw(http.url, head + rest)).to.match(/^HTTP\/1\.1 400 /);
    }
  });

  it("does not tell what it is made of", async () => {
    for (const path of ["/", CCIP_PATH, "/health/live"]) {
      const { headers } = await fetch(http.url + path);
      expect(headers.get("x-powered-by")).to.equal(null);
      expect(headers.get("server")).to.equal(null);
    }
  });
});
