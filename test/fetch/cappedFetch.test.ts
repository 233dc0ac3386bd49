/** One fetch over the platform's, also where the platform has less than browsers have today. */
import { expect } from "chai";
import { isSignpostError } from "../../src/errors.js";
import { createBrowserFetcher } from "../../src/fetch/browserFetcher.js";
import { cappedFetch, fetchWhole } from "../../src/fetch/cappedFetch.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { expectRejection } from "../expectError.js";
import {
  answer,
  answerJson,
  endless,
  type LoopbackServer,
  never,
  serve,
} from "../lookup/loopbackServer.js";

const LIMITS = { method: "GET", maxBytes: 100, timeoutMs: 2_000 } as const;

describe("fetch/cappedFetch", () => {
  let server: LoopbackServer;
  const platformFetch = globalThis.fetch;
  before(async () => {
    server = await serve(answerJson({}));
  });
  after(() => server.close());
  afterEach(() => {
    globalThis.fetch = platformFetch;
  });

  const text = async () =>
    new TextDecoder().decode((await cappedFetch({ ...LIMITS, url: server.url })).body);

  /** As React Native's: a Response without `body`. */
  function withoutStreams(headersOf = (headers: Headers) => headers): void {
    globalThis.fetch = async (...request) => {
      const response = await platformFetch(...request);
      return {
        status: response.status,
        headers: headersOf(response.headers),
        arrayBuffer: () => response.arrayBuffer(),
      } as Response;
    };
  }

  describe("where responses have no stream", () => {
    it("reads the body at once", async () => {
      withoutStreams();
      server.handler = answer("all of it");
      expect(await text()).to.equal("all of it");
    });

    it("refuses too large a body before it is read, or afterwards where it was not announced", async () => {
      server.handler = answer("x".repeat(101));
      withoutStreams();
      await expectRejection(text(), "TOO_LARGE", /more than the 100 bytes/);
      withoutStreams(() => new Headers());
      await expectRejection(text(), "TOO_LARGE", /more than the 100 bytes/);
    });

    it("is unreachable when the body breaks off, or takes too long", async () => {
      withoutStreams();
      server.handler = (_request, response) => {
        response.writeHead(200, { "content-length": "50" });
        response.write("half", () => response.destroy());
      };
      await expectRejection(text(), "UNREACHABLE", /could not be reached/);
      server.handler = endless;
      const slow = cappedFetch({ ...LIMITS, url: server.url, timeoutMs: 100 });
      await expectRejection(slow, "UNREACHABLE", /within 100 ms/);
    });
  });

  it("sends a text as JSON, and bytes as they are", async () => {
    const got: [string | undefined, string][] = [];
    server.handler = (request, response) => {
      let body = "";
      request.setEncoding("latin1");
      request.on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        got.push([request.headers["content-type"], body]);
        response.end();
      });
    };
    const sending = { ...LIMITS, url: server.url, method: "POST" } as const;
    for (const fetcher of [
      cappedFetch,
      createGuardedFetcher({ allowLoopback: true }),
      createBrowserFetcher({ allowLoopback: true }),
    ]) {
      got.length = 0;
      await fetcher({ ...sending, body: "{}" });
      await fetcher({ ...sending, body: Uint8Array.of(0, 255, 10) });
      expect(got).to.deep.equal([
        ["application/json", "{}"],
        ["application/octet-stream", "\0\xff\n"],
      ]);
    }
  });

  it("needs neither AbortSignal.timeout, AbortSignal.any nor URL.canParse", async () => {
    const missing: [object, string][] = [
      [AbortSignal, "any"],
      [AbortSignal, "timeout"],
      [URL, "canParse"],
    ];
    const kept = missing.map(([of, name]) => Reflect.get(of, name) as unknown);
    for (const [of, name] of missing) Reflect.set(of, name, undefined);
    try {
      server.handler = never;
      const fetcher = createBrowserFetcher({ allowLoopback: true });
      const slow = fetcher({ ...LIMITS, url: server.url, timeoutMs: 50 });
      await expectRejection(slow, "UNREACHABLE", /within 50 ms/);
      await expectRejection(fetcher({ ...LIMITS, url: "no" }), "FORBIDDEN_ADDRESS", /absolute/);
    } finally {
      for (const [index, [of, name]] of missing.entries()) Reflect.set(of, name, kept[index]);
    }
  });

  it("calls a defect of its own by its name, and nobody unreachable for it", async () => {
    globalThis.fetch = () => Promise.resolve({ status: 200 } as Response);
    const error: unknown = await text().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError);
    expect(isSignpostError(error)).to.equal(false);
    globalThis.fetch = undefined as unknown as typeof fetch;
    expect(await text().catch((reason: unknown) => reason)).to.be.instanceOf(TypeError);
  });

  it("gives up when its caller does, with the caller's reason", async () => {
    server.handler = never;
    const url = new URL(server.url);
    const given = new AbortController();
    const asked = fetchWhole(url, {}, { ...LIMITS, signal: given.signal });
    given.abort(new Error("Not wanted any more."));
    expect(await asked.catch(String)).to.equal("Error: Not wanted any more.");
    const late = fetchWhole(url, {}, { ...LIMITS, signal: given.signal });
    expect(await late.catch(String)).to.equal("Error: Not wanted any more.");
  });
});
