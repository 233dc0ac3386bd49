/** What an answer means: "no such thing", "not here", "not you" and "could not find out" are never taken for one another. */
import { expect } from "chai";
import { type Client, createClient } from "../../../src/sdk/index.js";
import { Trouble, troubleOf } from "../../../src/web/admin-page/trouble.js";
import { deadUrl, endless, type LoopbackServer, serve } from "../../lookup/loopbackServer.js";

const refusal = (code: string, details: object = {}) => ({ code, message: `${code}.`, details });

describe("web/admin-page/trouble", () => {
  let server: LoopbackServer;
  let client: Client;

  before(async () => {
    server = await serve(() => undefined);
    client = clientAt(server.url);
  });
  after(() => server.close());

  const clientAt = (url: string) => createClient({ url, apiKey: `signpost_${"a".repeat(43)}` });
  const troubleWith = async (call: Promise<unknown>) =>
    call.then(() => expect.fail("nothing was thrown"), troubleOf);
  /** Of a call that is answered so. */
  const troubleAt = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    server.handler = (_request, response) => {
      response.writeHead(status, { "x-request-id": "abc", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    return troubleWith(client.domain());
  };

  for (const [status, body, kind] of [
    [401, refusal("UNAUTHORIZED"), "signedOut"],
    [401, "Who are you?", "unknown"],
    [403, refusal("FORBIDDEN", { scope: "domain:admin" }), "mayNot"],
    [404, refusal("NOT_FOUND", { name: "alice.users.example.eth" }), "absent"],
    [404, refusal("NOT_FOUND", { domain: "users.example.eth", id: "7" }), "absent"],
    [404, refusal("NOT_FOUND"), "notOffered"],
    [404, refusal("UNKNOWN_DOMAIN", { name: "alice.eth" }), "refused"],
    [404, "<h1>Not found</h1>", "unknown"],
    [400, refusal("INVALID_NAME"), "refused"],
    [409, refusal("DOMAIN_FROZEN", { domain: "users.example.eth" }), "refused"],
    [409, refusal("NEWER_THAN_THIS_PAGE"), "refused"],
    [412, refusal("VERSION_CONFLICT", { name: "alice.eth", version: "7" }), "changed"],
    [429, refusal("LIMIT_EXCEEDED"), "tooMuch"],
    [500, refusal("INTERNAL"), "unknown"],
    [502, "", "unknown"],
    [503, refusal("DATABASE_UNAVAILABLE"), "unknown"],
    [200, "<h1>Welcome</h1>", "unknown"],
  ] as const) {
    const said = typeof body === "object" ? body.code : "other words";
    it(`takes HTTP ${status} in ${said} for ${kind}`, async () => {
      const trouble = await troubleAt(status, body);
      expect({ kind: trouble.kind, requestId: trouble.requestId }).to.deep.equal({
        ...{ kind, requestId: "abc" },
      });
    });
  }

  it("tells how long to wait", async () => {
    const busy = await troubleAt(429, refusal("LIMIT_EXCEEDED"), { "retry-after": "8" });
    expect(busy.message).to.equal("LIMIT_EXCEEDED. Try again in 8 seconds.");
  });

  it("knows no answer from what was never asked", async () => {
    const dead = await troubleWith(clientAt(await deadUrl()).domain());
    expect(dead).to.include({ kind: "unknown", requestId: null });
    server.handler = endless;
    expect(await troubleWith(client.domain())).to.include({ kind: "unknown", requestId: null });
    const noName = await troubleWith(client.names.get("a..eth"));
    expect(noName).to.include({ kind: "refused", requestId: null });
    expect(noName.message).to.include("normal form");
  });

  it("calls a defect of the page one", () => {
    const { kind, message } = troubleOf(new TypeError("x is not a function"));
    expect({ kind, message }).to.deep.equal({
      kind: "unknown",
      message: "This page failed: x is not a function",
    });
    const own = new Trouble("absent", "There is none.");
    expect(troubleOf(own)).to.equal(own);
  });
});
