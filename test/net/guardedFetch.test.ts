import { expect } from "chai";
import { createBrowserFetcher } from "../../src/fetch/browserFetcher.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { expectRejection } from "../expectError.js";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  type LoopbackServer,
  never,
  redirectTo,
  serve,
} from "../lookup/loopbackServer.js";

const get = { method: "GET", maxBytes: 1_000, timeoutMs: 2_000 } as const;

const FETCHERS: Readonly<Record<string, (options: { allowLoopback?: boolean }) => Fetcher>> = {
  "guardedFetch (Node)": createGuardedFetcher,
  "browserFetcher (globalThis.fetch)": createBrowserFetcher,
};

for (const [title, create] of Object.entries(FETCHERS)) {
  describe(title, () => {
    const fetcher = create({ allowLoopback: true });
    let server: LoopbackServer;

    before(async () => {
      server = await serve(answerJson({}));
    });
    after(() => server.close());

    it("brings status, content type and body", async () => {
      server.handler = answerJson({ a: 1 }, 418);
      const { status, contentType, body } = await fetcher({ ...get, url: server.url });
      expect([status, contentType]).to.deep.equal([418, "application/json"]);
      expect(new TextDecoder().decode(body)).to.equal('{"a":1}');
    });

    it("shows a token to the server that gave it", async () => {
      server.handler = (request, response) => {
        response.end(request.headers.authorization);
      };
      const { body } = await fetcher({ ...get, url: server.url, bearer: "a.b.c" });
      expect(new TextDecoder().decode(body)).to.equal("Bearer a.b.c");
    });

    it("posts JSON", async () => {
      server.handler = (request, response) => {
        let body = "";
        request.on("data", (chunk) => (body += String(chunk)));
        request.on("end", () => {
          response.end(`${request.headers["content-type"] ?? ""} ${body}`);
        });
      };
      const url = `${server.url}/post`;
      const { body } = await fetcher({ ...get, url, method: "POST", body: '{"data":"0x"}' });
      expect(new TextDecoder().decode(body)).to.equal('application/json {"data":"0x"}');
      expect(server.requests.at(-1)).to.equal("POST /post");
    });

    it("refuses a redirect without following it", async () => {
      server.handler = (request, response) => {
        if (request.url === "/") redirectTo("/elsewhere")(request, response);
        else response.end("followed");
      };
      const before = server.requests.length;
      await expectRejection(fetcher({ ...get, url: server.url }), "UNREACHABLE", /redirect/);
      expect(server.requests.slice(before)).to.deep.equal(["GET /"]);
    });

    it("accepts a body of exactly maxBytes and refuses one more", async () => {
      server.handler = answer(new Uint8Array(1_000));
      expect((await fetcher({ ...get, url: server.url })).body).to.have.length(1_000);
      server.handler = answer(new Uint8Array(1_001));
      const tooLarge = fetcher({ ...get, url: server.url });
      await expectRejection(tooLarge, "TOO_LARGE", /more than the 1000 bytes/);
    });

    it("stops reading a body without end", async () => {
      server.handler = endless;
      const url = server.url;
      await expectRejection(fetcher({ ...get, url, maxBytes: 1e6 }), "TOO_LARGE", /more than the/);
    });

    it("caps the time of the whole answer, body included", async () => {
      server.handler = never;
      const url = server.url;
      const start = performance.now();
      await expectRejection(
        fetcher({ ...get, url, timeoutMs: 200 }),
        "UNREACHABLE",
        /did not answer completely within 200 ms/,
      );
      expect(performance.now() - start).to.be.below(1_500);
    });

    it("says that nobody listens", async () => {
      await expectRejection(
        fetcher({ ...get, url: await deadUrl() }),
        "UNREACHABLE",
        /ECONNREFUSED/,
      );
    });

    it("refuses literal loopback unless it is allowed, without connecting", async () => {
      const before = server.requests.length;
      const guarded = create({});
      await expectRejection(
        guarded({ ...get, url: server.url }),
        "FORBIDDEN_ADDRESS",
        /not a public address/,
      );
      expect(server.requests.length).to.equal(before);
    });

    it("does not show the URL's path in its message", async () => {
      const url = `${await deadUrl()}/secret-key`;
      await expectRejection(fetcher({ ...get, url }), "UNREACHABLE", /^(?!.*secret-key)/);
    });
  });
}
