/** What an answer means: "no such thing", "not here", "not you" and "could not find out" are never taken for one another. */
import { expect } from "chai";
import { Trouble, troubleOf, troubleOfAnswer } from "../../../src/web/admin-page/trouble.js";

const refusal = (code: string, details: object = {}) => ({ code, message: `${code}.`, details });
const answer = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers: { "x-request-id": "abc", ...headers } });

describe("web/admin-page/trouble", () => {
  for (const [status, body, kind] of [
    [401, refusal("UNAUTHORIZED"), "signedOut"],
    [403, refusal("FORBIDDEN", { scope: "domain:admin" }), "mayNot"],
    [404, refusal("NOT_FOUND", { name: "alice.users.example.eth" }), "absent"],
    [404, refusal("NOT_FOUND", { domain: "users.example.eth", id: "7" }), "absent"],
    [404, refusal("NOT_FOUND"), "notOffered"],
    [404, refusal("UNKNOWN_DOMAIN", { name: "alice.eth" }), "refused"],
    [404, "<h1>Not found</h1>", "unknown"],
    [400, refusal("INVALID_NAME"), "refused"],
    [409, refusal("DOMAIN_FROZEN"), "refused"],
    [409, refusal("NAME_SUSPENDED"), "refused"],
    [412, refusal("VERSION_CONFLICT"), "changed"],
    [429, refusal("LIMIT_EXCEEDED"), "tooMuch"],
    [500, refusal("INTERNAL"), "unknown"],
    [502, null, "unknown"],
    [503, refusal("DATABASE_UNAVAILABLE"), "unknown"],
  ] as const) {
    const said = typeof body === "object" && body !== null ? body.code : "other words";
    it(`takes HTTP ${status} in ${said} for ${kind}`, () => {
      const trouble = troubleOfAnswer(answer(status), body);
      expect(trouble.kind).to.equal(kind);
      expect(trouble.requestId).to.equal("abc");
    });
  }

  it("tells how long to wait", () => {
    const busy = troubleOfAnswer(answer(429, { "retry-after": "8" }), refusal("LIMIT_EXCEEDED"));
    expect(busy.message).to.equal("LIMIT_EXCEEDED. Try again in 8 seconds.");
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
