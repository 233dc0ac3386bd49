import { expect } from "chai";
import { decodeResult, textRequest, verifyAnswer } from "../../gateway/ensRequest.js";
import { setRecords } from "../../registry/changes/serviceWrites.js";
import {
  type Answer,
  answerOf,
  CCIP_PATH,
  DOMAIN,
  openTestService,
  RESOLVER,
  SIGNER,
  type TestService,
} from "../openTestService.js";

const ALICE = `alice.${DOMAIN}`;
const AVATAR = "https://example.com/alice.png";
const REQUEST = textRequest(ALICE, "avatar", 1n);
const OTHER_SENDER = `0x${"ee".repeat(20)}`;

describe("http: the CCIP gateway", () => {
  let http: TestService;

  before(async () => {
    http = await openTestService();
    await setRecords(
      { names: http.service.names, domains: http.service.domains },
      { domain: DOMAIN, name: ALICE, records: { texts: { avatar: AVATAR } } },
    );
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const get = (path: string) => answerOf(fetch(http.url + path));
  const post = (body: BodyInit | null, headers: Record<string, string> = {}, path = CCIP_PATH) =>
    answerOf(fetch(http.url + path, { method: "POST", body, headers }));

  function expectAvatar({ status, body, headers }: Answer): void {
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.match(/^application\/json/);
    expect(headers.get("access-control-allow-origin")).to.equal("*");
    expect(body).to.have.all.keys("data");
    const answer = verifyAnswer(String(body["data"]), { target: RESOLVER, request: REQUEST });
    expect(answer.signer).to.equal(SIGNER);
    expect(decodeResult("text", answer.result)).to.equal(AVATAR);
  }

  function expectRefusal({ status, body, headers }: Answer, expected: number, why: RegExp): void {
    expect([status, body["message"]]).to.have.property("0", expected);
    expect(body).to.have.all.keys("message");
    expect(body["message"]).to.match(why);
    expect(headers.get("content-type")).to.match(/^application\/json/);
    expect(headers.get("access-control-allow-origin")).to.equal("*");
  }

  it("answers GET by both URL templates, with and without .json", async () => {
    for (const sender of ["", `/${RESOLVER}`, `/${OTHER_SENDER}`, "/nonsense"]) {
      for (const suffix of ["", ".json"]) {
        expectAvatar(await get(`${CCIP_PATH}${sender}/${REQUEST}${suffix}`));
      }
    }
    const { data } = (await get(`${CCIP_PATH}/${REQUEST.toUpperCase().replace("0X", "0x")}`)).body;
    expect(data).to.match(/^0x[0-9a-f]+$/);
  });

  it("answers POST with any content type or none, and whatever the sender", async () => {
    const types = ["application/json", "application/json; charset=utf-8", "text/plain", ""];
    for (const type of types) {
      for (const sender of [RESOLVER, OTHER_SENDER, undefined, 7, null]) {
        const body = new TextEncoder().encode(JSON.stringify({ data: REQUEST, sender }));
        expectAvatar(await post(body, type === "" ? {} : { "content-type": type }));
      }
    }
    expectAvatar(await post(JSON.stringify({ data: REQUEST }), {}, `${CCIP_PATH}/`));
    const checksummed = CCIP_PATH.replace("5f", "5F");
    expectAvatar(await post(JSON.stringify({ data: REQUEST }), {}, checksummed));
  });

  it("answers an absent name with a signed empty value", async () => {
    const request = textRequest(`nobody.${DOMAIN}`, "avatar");
    const { status, body } = await http.ccip(request);
    expect(status).to.equal(200);
    const answer = verifyAnswer(String(body["data"]), { target: RESOLVER, request });
    expect(answer.signer).to.equal(SIGNER);
    expect(decodeResult("text", answer.result)).to.equal("");
  });

  it("lets browsers of any origin ask (ENSIP-22)", async () => {
    for (const path of [CCIP_PATH, `${CCIP_PATH}/${REQUEST}`, "/ccip/1/unknown"]) {
      const { status, headers } = await fetch(http.url + path, {
        method: "OPTIONS",
        headers: {
          origin: "https://app.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
      expect(status).to.equal(204);
      expect(headers.get("access-control-allow-origin")).to.equal("*");
      expect(headers.get("access-control-allow-methods")).to.match(/\bGET\b.*\bPOST\b/);
      expect(headers.get("access-control-allow-headers")).to.match(/content-type/i);
    }
  });

  it("knows no other resolver, chain or domain: 404", async () => {
    const elsewhere = [
      `/ccip/2/${RESOLVER}`,
      `/ccip/1/${OTHER_SENDER}`,
      `/ccip/0/${RESOLVER}`,
      `/ccip/01/${RESOLVER}`,
      `/ccip/0x1/${RESOLVER}`,
      `/ccip/-1/${RESOLVER}`,
      `/ccip/${"9".repeat(100)}/${RESOLVER}`,
      `/ccip/1/${RESOLVER.slice(0, -2)}`,
      `/ccip/1/${RESOLVER}00`,
      "/ccip/1/alice.eth",
    ];
    const data = textRequest(ALICE, "avatar");
    for (const path of elsewhere) {
      expectRefusal(await get(`${path}/${data}`), 404, /resolver/);
      expectRefusal(await post(JSON.stringify({ data }), {}, path), 404, /resolver/);
    }
    const outside = await http.ccip(textRequest("alice.other.eth", "avatar"));
    expectRefusal(outside, 404, /alice\.other\.eth lies under no domain/);
  });

  it("answers malformed call data with 400 and a sentence", async () => {
    const malformed = ["0x", "0x0", "0xzz", "nonsense", "0x9061b923", `${REQUEST}0`];
    for (const data of malformed) {
      expectRefusal(await get(`${CCIP_PATH}/${data}`), 400, /call data|ABI-encoded data/);
      expectRefusal(await http.ccip(data), 400, /call data|ABI-encoded data/);
    }
    for (const data of [undefined, null, 7, {}, [REQUEST], "", ` ${REQUEST}`]) {
      expectRefusal(await http.ccip(data), 400, /call data is missing or is not hexadecimal/);
    }
    const bound = await http.ccip(textRequest(ALICE, "avatar", 5n));
    expectRefusal(bound, 400, /bound to chain 5, but this URL is for chain 1/);
  });

  it("answers bodies that are no JSON object with 400 and a sentence", async () => {
    const bodies = ["", "{", "null", "[]", '"0x"', "7", "data=0x", "\0", "{'data':'0x'}"];
    for (const body of bodies) {
      const answer = await post(body, { "content-type": "application/json" });
      expectRefusal(answer, 400, /JSON|call data/);
    }
    const latin1 = await post("{}", { "content-type": "application/json; charset=latin1" });
    expectRefusal(latin1, 400, /JSON in UTF-8/);
    const gzip = await post("{}", { "content-encoding": "gzip" });
    expectRefusal(gzip, 400, /could not be read/);
    expectRefusal(await post("{}", { "content-encoding": "zip" }), 400, /could not be read/);
  });

  it("reads bodies of 64 KiB and no more: 413, a 4xx, because the next gateway would refuse them too", async () => {
    const bodyOf = (length: number) => `{"data":"${"x".repeat(length - 11)}"}`;
    expectRefusal(await post(bodyOf(65_536)), 400, /call data/);
    expectRefusal(await post(bodyOf(65_537)), 413, /too large; send less/);
    const bomb = await gzipped("a".repeat(1_000_000));
    expect(bomb.length).to.be.below(10_000);
    expectRefusal(await post(bomb, { "content-encoding": "gzip" }), 400, /could not be read/);
  });

  it("answers other paths and methods with 404 and a sentence", async () => {
    for (const path of [
      "/ccip",
      "/ccip/1",
      CCIP_PATH,
      `${CCIP_PATH}/${RESOLVER}/${REQUEST}/more`,
    ]) {
      expectRefusal(await get(path), 404, /Nothing answers GET on this path/);
    }
    for (const method of ["PUT", "DELETE", "PATCH"]) {
      const answer = answerOf(fetch(http.url + CCIP_PATH, { method }));
      expectRefusal(await answer, 404, new RegExp(`Nothing answers ${method}`));
    }
  });
});

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
