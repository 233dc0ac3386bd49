/** A primary that has had enough of questions is left alone for as long as it says, within bounds. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { expect } from "chai";
import {
  type OpenPrimary,
  openPrimary,
} from "../../src/capabilities/registry/mirror/primaryApi.js";
import { expectRejection } from "../expectError.js";

const FENCE = { to: "https://new.example/", by: null };

describe("mirror: a primary that answers 429", () => {
  let server: Server;
  let primary: OpenPrimary;
  let ended: AbortController;
  /** Seconds to wait, for each of the answers that refuse; then it answers. */
  let waits: string[];
  let askedAtMs: number[];

  beforeEach(async () => {
    [waits, askedAtMs] = [[], []];
    server = createServer((_, response) => {
      askedAtMs.push(Date.now());
      const wait = waits.shift();
      if (wait === undefined) response.end(JSON.stringify({ domain: "a.eth", frozen: FENCE }));
      else refuse(response, wait);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    ended = new AbortController();
    const place = { url: `http://127.0.0.1:${port}/`, network: "127.0.0.1/32" };
    primary = openPrimary(place, "key", ended.signal);
  });
  afterEach(async () => {
    await primary.close();
    server.closeAllConnections();
    server.close();
  });

  function refuse(response: ServerResponse, wait: string): void {
    response.writeHead(429, { "retry-after": wait });
    response.end(JSON.stringify({ code: "LIMIT_EXCEEDED", message: "Too much.", details: {} }));
  }

  it("is asked again after as long as it says", async () => {
    waits = ["1", "1"];
    await primary.freeze(FENCE);
    expect(askedAtMs.length).to.equal(3);
    const [first = 0, , third = 0] = askedAtMs;
    expect(third - first).to.be.within(1_900, 10_000);
  });

  it("is not waited for longer than half a minute, or again and again", async () => {
    waits = ["31"];
    const late = await expectRejection(primary.freeze(FENCE), "LIMIT_EXCEEDED", /Too much/);
    expect(late.details).to.deep.equal({ retryAfterSec: 31 });
    waits = Array.from({ length: 100 }, () => "0");
    await expectRejection(primary.freeze(FENCE), "LIMIT_EXCEEDED", /Too much/);
    expect(askedAtMs.length).to.be.below(10);
  });

  it("is not waited for when the mirror ends", async () => {
    waits = ["20"];
    const asked = primary.freeze(FENCE);
    setTimeout(() => {
      ended.abort();
    }, 100);
    await expectRejection(asked, ["LIMIT_EXCEEDED", "UNREACHABLE"], /./);
  });
});
