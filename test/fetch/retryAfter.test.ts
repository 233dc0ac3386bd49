import { expect } from "chai";
import { cappedFetch } from "../../src/fetch/cappedFetch.js";
import { retryAfterMs } from "../../src/fetch/retryAfter.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { serve } from "../lookup/loopbackServer.js";

describe("fetch/retryAfter", () => {
  for (const [name, fetcher] of [
    ["guarded", createGuardedFetcher({ allowLoopback: true })],
    ["the platform's", cappedFetch],
  ] as const) {
    it(`is read by the fetcher that is ${name}`, async () => {
      const server = await serve((_request, response) => {
        response.writeHead(429, { "Retry-After": "17" }).end();
      });
      const url = server.url;
      const answer = await fetcher({ url, method: "GET", maxBytes: 10, timeoutMs: 2_000 });
      await server.close();
      expect(retryAfterMs(answer)).to.equal(17_000);
    });
  }

  it("is nothing where it is none, a date, or too long a number", () => {
    for (const text of [
      null,
      "",
      "-1",
      "1.5",
      "1e3",
      "9999999999",
      "Fri, 31 Dec 1999 23:59:59 GMT",
    ])
      expect(retryAfterMs({ header: () => text }), String(text)).to.equal(0);
    expect(retryAfterMs({})).to.equal(0);
    expect(retryAfterMs({ header: () => "0" })).to.equal(0);
  });
});
