/** What the client makes of servers that are no Signpost, answer too much, too late, or not at all. */
import { expect } from "chai";
import { type Client, createClient, failedAnswerOf, isSignpostError } from "../../src/sdk/index.js";
import { expectError, expectRejection } from "../expectError.js";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  type Handler,
  type LoopbackServer,
  never,
  redirectTo,
  serve,
} from "../lookup/loopbackServer.js";
import { everyItem } from "./everyItem.js";

const API_KEY = `signpost_${"a".repeat(43)}`;
const NAME = "alice.users.example.eth";

describe("sdk/client: connection", () => {
  let server: LoopbackServer;
  let signpost: Client;
  before(async () => {
    server = await serve(answerJson({}));
    signpost = createClient({ url: server.url, apiKey: API_KEY });
  });
  after(() => server.close());

  const asked = (handler: Handler) => {
    server.handler = handler;
    return signpost.names.get(NAME);
  };
  const refusal = (code: string, details: object = {}) => ({ code, message: "No.", details });

  it("tells a server that nobody reaches from one that refuses: no status, and who it was", async () => {
    const url = await deadUrl();
    const client = createClient({ url, apiKey: API_KEY });
    const error = await expectRejection(
      client.names.get(NAME),
      "UNREACHABLE",
      /could not be reached/,
    );
    expect(error.message).to.include(url);
    expect(error.details).to.not.have.property("status");
    const cut = await expectRejection(
      asked((request) => request.socket.destroy()),
      "UNREACHABLE",
      /could not be reached/,
    );
    expect(cut.details).to.not.have.property("status");
  });

  it("waits as long as it was told to, for the client or for one call", async () => {
    server.handler = never;
    const hasty = createClient({ url: server.url, apiKey: API_KEY, timeoutMs: 50 });
    await expectRejection(hasty.names.get(NAME), "UNREACHABLE", /within 50 ms/);
    await expectRejection(hasty.batch([], { atomic: true }), "UNREACHABLE", /within 50 ms/);
    const once = signpost.names.get(NAME, { timeoutMs: 60 });
    await expectRejection(once, "UNREACHABLE", /within 60 ms/);
    const listing = everyItem(signpost.names.list({ timeoutMs: 70 }));
    await expectRejection(listing, "UNREACHABLE", /within 70 ms/);
    const wrong = signpost.names.get(NAME, { timeoutMs: Number.NaN });
    await expectRejection(wrong, "INVALID_REQUEST", /timeoutMs is NaN/);
  });

  it("gives up when its caller does, with the caller's reason", async () => {
    server.handler = never;
    const reason = new Error("the page was left");
    const controller = new AbortController();
    const pending = signpost.names.get(NAME, { signal: controller.signal });
    setTimeout(() => {
      controller.abort(reason);
    }, 20);
    expect(await pending.catch((error: unknown) => error)).to.equal(reason);
    const already = signpost.names.get(NAME, { signal: AbortSignal.abort(reason) });
    expect(await already.catch((error: unknown) => error)).to.equal(reason);
  });

  it("reads no answer without end", async () => {
    await expectRejection(asked(endless), "TOO_LARGE", /sent more than the 2097152 bytes/);
    server.handler = endless;
    await expectRejection(signpost.domain(), "TOO_LARGE", /1048576 bytes/);
  });

  it("takes no redirect, which would show the key to somebody else", async () => {
    const other = await serve(answerJson({}));
    try {
      await expectRejection(asked(redirectTo(other.url)), "UNREACHABLE", /could not be reached/);
      expect(other.requests).to.deep.equal([]);
    } finally {
      await other.close();
    }
  });

  it("takes its URL with /v1 as well, as it stands in front of every route", async () => {
    let asked: string | undefined;
    server.handler = (request, response) => {
      asked = request.url;
      answerJson({ openapi: "3.1.0" })(request, response);
    };
    for (const path of ["", "/", "/v1", "/v1/"]) {
      await createClient({ url: server.url + path, apiKey: API_KEY }).openApi();
      expect(asked, path).to.equal("/v1/openapi.json");
    }
  });

  it("tells the URL of a CCIP gateway from the one of a service", () => {
    const url =
      "https://signpost.example.com/below/ccip/1/0xdc64a140aa3e981100a9beca4e685f962f0cf6c9";
    expectError(
      () => createClient({ url, apiKey: API_KEY }),
      "INVALID_REQUEST",
      /is the URL of a CCIP gateway\. Give the URL of the service, https:\/\/signpost\.example\.com\/below$/,
    );
  });

  it("sends the key as a bearer token, JSON, and below the path of its URL", async () => {
    let seen: Record<string, unknown> = {};
    server.handler = (request, response) => {
      seen = { ...request.headers, url: request.url, method: request.method };
      answerJson({ name: NAME, outcome: "created" }, 201)(request, response);
    };
    const client = createClient({ url: `${server.url}/signpost/?a#b`, apiKey: API_KEY });
    const result = await client.names.put(NAME, {}, { onlyIf: "absent" });
    expect(result).to.deep.equal({ name: NAME, outcome: "created", version: null });
    expect(seen).to.include({
      url: `/signpost/v1/names/${NAME}`,
      method: "PUT",
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
      "if-none-match": "*",
    });
    expect(seen).to.not.have.property("cookie");
  });

  it("takes what is not found for absence only where it is about the name", async () => {
    expect(await asked(answerJson(refusal("NOT_FOUND", { name: NAME }), 404))).to.equal(null);
    const otherName = answerJson(refusal("NOT_FOUND", { name: "bob.eth" }), 404);
    await expectRejection(asked(otherName), "NOT_FOUND", /No\./);
    await expectRejection(asked(answerJson(refusal("NOT_FOUND"), 404)), "NOT_FOUND", /No\./);
    const unserved = answerJson(refusal("UNKNOWN_DOMAIN", { name: NAME }), 404);
    await expectRejection(asked(unserved), "UNKNOWN_DOMAIN", /No\./);
    await expectRejection(asked(answer("Not found", { status: 404 })), "UNREACHABLE", /HTTP 404/);
  });

  it("understands who stands in between: by the status, with what Retry-After says", async () => {
    const inBetween =
      (status: number, headers: Record<string, string> = {}): Handler =>
      (_request, response) =>
        response.writeHead(status, headers).end("<html>");
    const cases: [
      handler: Handler,
      code: "UNREACHABLE" | "LIMIT_EXCEEDED" | "TOO_LARGE",
      details: object,
    ][] = [
      [inBetween(502), "UNREACHABLE", { status: 502 }],
      [inBetween(503, { "retry-after": "7" }), "UNREACHABLE", { status: 503, retryAfterSec: 7 }],
      [inBetween(413), "TOO_LARGE", { status: 413 }],
      [inBetween(429, { "retry-after": "120" }), "LIMIT_EXCEEDED", { retryAfterSec: 120 }],
      [
        inBetween(429, {
          date: "Wed, 21 Oct 2015 07:28:00 GMT",
          "retry-after": "Wed, 21 Oct 2015 07:29:30 GMT",
        }),
        "LIMIT_EXCEEDED",
        { retryAfterSec: 90 },
      ],
      [inBetween(401), "UNREACHABLE", { status: 401 }],
    ];
    for (const [handler, code, details] of cases) {
      const error = await expectRejection(asked(handler), code, /not in the words of Signpost/);
      expect(error.details).to.deep.include(details);
    }
    const wordless = await expectRejection(
      asked(inBetween(429, { "retry-after": "soon" })),
      "LIMIT_EXCEEDED",
      /./,
    );
    expect(wordless.details).to.not.have.property("retryAfterSec");
  });

  it("tells status, request id and the time to wait of each failure that had an answer", async () => {
    const failing = (status: number, headers: Record<string, string>, body = "<html>") => {
      server.handler = (_request, response) => response.writeHead(status, headers).end(body);
      return signpost.names.get(NAME).catch(failedAnswerOf);
    };
    const refused = JSON.stringify(refusal("FORBIDDEN"));
    for (const body of [refused, "<html>"]) {
      expect(await failing(403, { "x-request-id": "of-the-log" }, body)).to.deep.equal({
        ...{ status: 403, requestId: "of-the-log", retryAfterSec: null },
      });
    }
    // an answer that is none of the service API is a failure as well
    expect(await failing(200, { "x-request-id": "of-the-log" })).to.deep.equal({
      ...{ status: 200, requestId: "of-the-log", retryAfterSec: null },
    });
    expect(await failing(429, { "retry-after": "7" })).to.deep.equal({
      ...{ status: 429, requestId: null, retryAfterSec: 7 },
    });
    const dead = createClient({ url: await deadUrl(), apiKey: API_KEY });
    expect(await dead.names.get(NAME).catch(failedAnswerOf)).to.equal(null);
    expect(await signpost.names.get("a..eth").catch(failedAnswerOf)).to.equal(null);
    expect(failedAnswerOf(new Error("of somebody else"))).to.equal(null);
    expect(failedAnswerOf(undefined)).to.equal(null);
  });

  it("signs out, revokes and suspends also where its page is closed meanwhile, and lets nothing else outlive it", async () => {
    server.handler = (_request, response) => response.writeHead(204).end();
    const platform = globalThis.fetch;
    const kept: [method: string | undefined, keepalive: boolean | undefined][] = [];
    globalThis.fetch = (url, init) => {
      kept.push([init?.method, init?.keepalive]);
      return platform(url, init);
    };
    try {
      await signpost.keys.endSession();
      await signpost.keys.revoke("7");
      await signpost.names.unsuspend(NAME).catch(() => undefined);
      await signpost.names.delete(NAME).catch(() => undefined);
    } finally {
      globalThis.fetch = platform;
    }
    expect(server.requests.slice(-4)).to.deep.equal([
      ...["DELETE /v1/sessions/current", "DELETE /v1/keys/7"],
      ...[`DELETE /v1/names/${NAME}/suspension`, `DELETE /v1/names/${NAME}`],
    ]);
    expect(kept).to.deep.equal([
      ["DELETE", true],
      ["DELETE", true],
      ["DELETE", true],
      ["DELETE", undefined],
    ]);
  });

  it("bears codes that are newer than it is", async () => {
    const refused = asked(answerJson(refusal("NAME_ON_FIRE", { name: NAME }), 409));
    const error = await expectRejection(refused, "INVALID_REQUEST", /^No\.$/);
    expect(error.details).to.deep.include({ code: "NAME_ON_FIRE", name: NAME, status: 409 });
    const failing = asked(answerJson(refusal("ON_FIRE"), 503));
    await expectRejection(failing, "UNREACHABLE", /^No\.$/);
    // not a property of every object
    await expectRejection(
      asked(answerJson(refusal("constructor"), 409)),
      "INVALID_REQUEST",
      /^No\.$/,
    );
  });

  it("takes a code at its word only with the details that it promises", async () => {
    const late = await expectRejection(
      asked(answerJson(refusal("WRONG_SEQUENCE", { name: NAME, next: 4, newer: true }), 409)),
      "WRONG_SEQUENCE",
      /^No\.$/,
    );
    if (!isSignpostError(late, "WRONG_SEQUENCE")) throw new Error("expected WRONG_SEQUENCE");
    expect(late.details.next?.toFixed()).to.equal("4");
    expect(late.details).to.deep.include({ newer: true, status: 409 });
    for (const details of [{ name: NAME, next: "4" }, { next: 4 }]) {
      const error = await expectRejection(
        asked(answerJson(refusal("WRONG_SEQUENCE", details), 409)),
        "INVALID_REQUEST",
        /^No\.$/,
      );
      expect(error.details).to.deep.include({ ...details, code: "WRONG_SEQUENCE" });
    }
  });

  it("bears fields that are newer than it is, and nothing else", async () => {
    server.handler = answerJson({ name: NAME, outcome: "changed", colour: "red" });
    expect(await signpost.names.put(NAME, {})).to.include({ outcome: "changed", colour: "red" });
    server.handler = answerJson({ items: [{ name: NAME, outcome: "changed", colour: "red" }] });
    expect(await signpost.batch([{ name: NAME }], { atomic: true })).to.have.length(1);
    for (const other of [
      answerJson({ name: NAME, outcome: "burnt" }),
      answerJson({ name: 7, outcome: "changed" }),
      answerJson([]),
      answer("<html>"),
      answer(Uint8Array.of(0xff)),
    ]) {
      server.handler = other;
      await expectRejection(
        signpost.names.put(NAME, {}),
        "UNREACHABLE",
        /else than the service API/,
      );
    }
    server.handler = answerJson({ items: [{ name: NAME, outcome: "burnt" }] });
    const batch = signpost.batch([{ name: NAME }], { atomic: true });
    await expectRejection(batch, "UNREACHABLE", /else than the service API/);
  });

  it("goes round no circle of pages", async () => {
    server.handler = answerJson({ names: [], next: NAME });
    await expectRejection(everyItem(signpost.names.list()), "UNREACHABLE", /leads to itself/);
  });

  it("asks once for one page, and nobody before that", async () => {
    server.handler = answerJson({ names: [], next: NAME });
    const before = server.requests.length;
    const list = signpost.names.list({ contains: "zoe", pageSize: 5 });
    expect(server.requests).to.have.length(before);
    // nothing found yet, and more to look through
    expect(await list.page()).to.deep.equal({ items: [], next: NAME });
    expect(server.requests.slice(before)).to.deep.equal(["GET /v1/names?contains=zoe&limit=5"]);
  });

  it("reads the version of an ETag, also of one that a proxy made weak", async () => {
    for (const [etag, version] of [
      ['"12"', "12"],
      ['W/"12"', "12"],
      ['"12-gzip"', "12"],
      ['"12;gzip"', "12"],
      ['"abc"', null],
      ["12", null],
    ] as const) {
      server.handler = (_request, response) => {
        response.writeHead(200, { etag }).end(JSON.stringify({ name: NAME, outcome: "changed" }));
      };
      expect((await signpost.names.put(NAME, {})).version, etag).to.equal(version);
    }
  });

  it("takes the version that the body tells, whatever became of the ETag", async () => {
    for (const etag of ['"12"', '"abc"', undefined]) {
      server.handler = (_request, response) => {
        const body = { name: NAME, outcome: "changed", version: "13" };
        response.writeHead(200, etag === undefined ? {} : { etag }).end(JSON.stringify(body));
      };
      const written = await signpost.names.put(NAME, {});
      expect(written.version).to.equal("13");
      let asked: unknown;
      const answer = answerJson({ name: NAME, outcome: "changed", version: "14" });
      server.handler = (request, response) => {
        asked = request.headers["if-match"];
        answer(request, response);
      };
      await signpost.names.put(NAME, {}, { onlyIf: written as { version: string } });
      expect(asked).to.equal('"13"');
    }
  });
});
