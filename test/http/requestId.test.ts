/** What a request is called, over real HTTP: in the answer's header, in its error, and to whoever notes it. */
import { expect } from "chai";
import type { AnsweredRequest } from "../../src/http/accessLog.js";
import { textRequest } from "../gateway/ensRequest.js";
import {
  API_KEY,
  CCIP_PATH,
  DOMAIN,
  openTestService,
  type TestService,
} from "./openTestService.js";

const OWN_FORM = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const NAME = `alice.${DOMAIN}`;

describe("http: request ids", () => {
  let http: TestService;
  let noted: AnsweredRequest[];

  before(async () => {
    http = await openTestService(undefined, { noteRequest: (answered) => noted.push(answered) });
  });
  after(() => http.stop());
  beforeEach(() => {
    noted = [];
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(http.url + path, { headers });

  it("are the caller's, if they are well-formed, and ours if not", async () => {
    const given = ["a", "7f3e-1", "Root=1-67891233-abcdef012345678912345678", "x".repeat(128)];
    for (const id of given) {
      const response = await get("/v1/names/x", { "x-request-id": id });
      expect(response.headers.get("x-request-id")).to.equal(id);
      expect(await response.json()).to.include({ requestId: id, code: "UNAUTHORIZED" });
    }
    const malformed = ["", "-a", "a b", 'a"b', "a,b", "x".repeat(129), "{}", "ä"];
    for (const id of malformed) {
      const response = await get("/v1/names/x", { "x-request-id": id });
      expect(response.headers.get("x-request-id")).to.match(OWN_FORM);
    }
    const ids = new Set(noted.map(({ requestId }) => requestId));
    expect(ids).to.have.length(given.length + malformed.length);
  });

  it("are noted with what was answered, without query, key or body", async () => {
    const body = { texts: { avatar: "secret-body" } };
    const { status } = await http.v1("PUT", `/names/${NAME}/records?token=secret-query`, body);
    expect(status).to.equal(200);
    expect(noted).to.have.length(1);
    const [{ durationMs, ...rest } = { durationMs: -1 }] = noted;
    expect(durationMs).to.be.within(0, 5_000);
    expect(rest).to.include({
      method: "PUT",
      path: `/v1/names/${NAME}/records`,
      status: 200,
      clientAddress: "127.0.0.1",
    });
    expect(JSON.stringify(noted)).not.to.match(new RegExp(`secret|${API_KEY}`));
  });

  it("bound a long path, and know of a client that went", async () => {
    await get(`/v1/${"x".repeat(5_000)}`);
    expect(noted[0]?.path).to.have.length(300);

    const controller = new AbortController();
    const left = fetch(`${http.url}/v1/names/${NAME}/records`, {
      method: "PUT",
      headers: { authorization: `Bearer ${API_KEY}`, "content-length": "10" },
      body: new ReadableStream({
        start: (stream) => {
          stream.enqueue(new TextEncoder().encode("{"));
        },
      }),
      signal: controller.signal,
      duplex: "half",
    } as RequestInit);
    setTimeout(() => {
      controller.abort();
    }, 100);
    await left.catch(() => undefined);
    while (noted.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(noted[1]).to.include({ method: "PUT", status: null });
  });

  it("are made for lookups that are refused, and not for those that are answered; neither is noted", async () => {
    const { status, headers, body } = await http.ccip(textRequest(NAME, "avatar"));
    expect([status, Object.keys(body)]).to.deep.equal([200, ["data"]]);
    expect(headers.has("x-request-id")).to.equal(false);
    const refused = await http.ccip("0x1234");
    expect([refused.status, Object.keys(refused.body)]).to.deep.equal([400, ["message"]]);
    expect(refused.headers.get("x-request-id")).to.match(OWN_FORM);
    expect(noted).to.deep.equal([]);
  });

  it("are made for lookups, too, where every request is to be noted", async () => {
    const every = await openTestService(undefined, {
      noteRequest: (answered) => noted.push(answered),
      noteLookups: true,
    });
    try {
      const { headers } = await every.ccip(textRequest(NAME, "avatar"));
      expect(headers.get("x-request-id")).to.match(OWN_FORM);
      expect(noted.at(-1)).to.include({ method: "POST", path: CCIP_PATH, status: 200 });
    } finally {
      await every.stop();
    }
  });
});
