import { expect } from "chai";
import { ZERO_ADDRESS } from "../../src/ens/address.js";
import { Deadline } from "../../src/fetch/deadline.js";
import { askGateways, gatewayRequest } from "../../src/lookup/gatewayQuery.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { expectRejection } from "../expectError.js";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  type Handler,
  never,
  redirectTo,
  serve,
} from "./loopbackServer.js";
import { expectFound, expectUnreachable } from "./outcomes.js";
import { createScene, type Scene } from "./scene.js";

describe("gatewayQuery", () => {
  let scene: Scene;

  before(async () => {
    scene = await createScene();
  });
  beforeEach(() => scene.reset());
  after(() => scene.close());

  /** The bad server first, the honest gateway second. */
  const behind = async (handler: Handler) => {
    scene.host.handler = handler;
    await scene.setUrls(`${scene.host.url}/bad/{data}`, `${scene.gateway.url}/{data}.json`);
  };

  const leadsOn: Readonly<Record<string, Handler>> = {
    "HTTP 500": answerJson({ message: "down" }, 500),
    "HTTP 503": answer("", { status: 503 }),
    "HTML instead of JSON": answer("<!doctype html><p>Hello", { type: "text/html" }),
    "JSON without data": answerJson({ result: "0x" }),
    "JSON that is no object": answerJson(null),
    "data that is no hexadecimal text": answerJson({ data: "0xzz" }),
    "data with half a byte": answerJson({ data: "0x123" }),
    "an answer without end": endless,
    "a redirect": redirectTo("http://169.254.169.254/latest/meta-data/"),
    "a connection cut in the middle": (_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("{");
      response.destroy();
    },
  };
  for (const [title, handler] of Object.entries(leadsOn)) {
    it(`tries the next URL after ${title}`, async () => {
      await behind(handler);
      expectFound(await scene.resolveAlice());
      expect(scene.host.requests.length).to.be.above(0);
    });
  }

  it("tries the next URL after one where nobody listens", async () => {
    await scene.setUrls(`${await deadUrl()}/{data}`, `${scene.gateway.url}/{data}.json`);
    expectFound(await scene.resolveAlice());
  });

  it("leaves time for the next URL when one is slow", async () => {
    await behind(never);
    expectFound(await scene.resolveAlice({ timeoutMs: 3_000 }));
  });

  it("stops at HTTP 404, and repeats what the gateway says", async () => {
    await behind(answerJson({ message: "unknown\u001b[31m resolver" }, 404));
    const outcome = await scene.resolveAlice();
    const { unreachable } = expectUnreachable(
      outcome,
      /^it answered HTTP 404: unknown \[31m resolver$/,
    );
    expect(unreachable[0]?.who).to.equal(`${scene.host.url}/bad/{data}`);
    expect(scene.gateway.requests).to.deep.equal([]);
  });

  it("remembers every URL with its own reason", async () => {
    const dead = await deadUrl();
    const huge = await serve(answer(new Uint8Array(1024 * 1024 + 1)));
    await scene.setUrls(
      `${dead}/{data}`,
      `${scene.host.url}/{data}`,
      `${huge.url}/{data}`,
      "https://10.1.2.3/{data}",
      `${scene.gateway.url}/post`,
    );
    scene.host.handler = answer("<html>", { type: "text/html" });
    scene.gateway.handler = redirectTo("http://127.0.0.1/");
    const outcome = await scene.resolveAlice();
    await huge.close();
    const { unreachable, sentence } = expectUnreachable(
      outcome,
      /could not be reached \(ECONNREFUSED\)/,
      /did not answer with JSON of the form/,
      /sent more than 1048576 bytes/,
      /10\.1\.2\.3 is not a public address/,
      /redirect, which is not followed/,
    );
    expect(unreachable[4]?.who).to.equal(`${scene.gateway.url}/post`);
    expect(sentence).to.match(/could not be read now \(.*\)\.$/);
  });

  it("tries 16 URLs at most", async () => {
    const urls = Array.from({ length: 20 }, (_, index) => `https://10.0.0.${index}/{data}`);
    const query = { urls, sender: ZERO_ADDRESS, callData: new Uint8Array(4) };
    const asked = askGateways(query, createGuardedFetcher(), new Deadline(1_000));
    const { details } = await expectRejection(asked, "UNREACHABLE", /10\.0\.0\.15 is not a public/);
    expect(details["unreachable"]).to.have.length(16);
  });

  it("takes a URL of more than 2048 characters for a server that failed, and tries the next", async () => {
    // our own resolver does not publish such a URL; others may
    const longest = `${scene.gateway.url}/{data}`.padEnd(2048, "x");
    const ask = (...urls: string[]) =>
      askGateways(
        { urls, sender: ZERO_ADDRESS, callData: new Uint8Array(4) },
        createGuardedFetcher({ allowLoopback: true }),
        new Deadline(2_000),
      );
    scene.gateway.handler = answerJson({ data: "0x12" });
    const { url, response } = await ask(`${longest}x`, longest);
    expect({ url, response }).to.deep.equal({ url: longest, response: Uint8Array.of(0x12) });
    expect(scene.gateway.requests).to.have.length(1);

    const { details } = await expectRejection(
      ask(`${longest}x`, `${scene.gateway.url}/`.padEnd(2_000_000, "{data}")),
      "UNREACHABLE",
      /its URL is longer than 2048 characters/,
    );
    expect(details["unreachable"]).to.have.length(2);
    expect(JSON.stringify(details)).to.have.length.below(1_000);
    expect(scene.gateway.requests).to.have.length(1);
  });

  it("fills in only the first {sender} and the first {data}, as ethers and viem do", () => {
    const query = { sender: ZERO_ADDRESS, callData: Uint8Array.of(1, 2, 3, 4) };
    const sender = `0x${"00".repeat(20)}`;
    const fill = (template: string) => gatewayRequest(template, query, 1_000);
    expect(fill("https://g.example/{sender}/{data}/{sender}/{data}")).to.include({
      method: "GET",
      url: `https://g.example/${sender}/0x01020304/{sender}/{data}`,
    });
    expect(fill("https://g.example/{sender}{sender}")).to.include({
      method: "POST",
      url: `https://g.example/${sender}{sender}`,
      body: `{"data":"0x01020304","sender":"${sender}"}`,
    });
    // 256 places and call data of 64 KiB would be a URL of 32 MiB
    const large = { ...query, callData: new Uint8Array(65_536) };
    const { url } = gatewayRequest("{data}".repeat(256), large, 1_000);
    expect(url).to.have.length.below(140_000);
  });

  it("fetches from this machine only where that is allowed", async () => {
    const outcome = await scene.resolveAlice({ allowLoopback: false });
    expectUnreachable(outcome, /127\.0\.0\.1 is not a public address/);
    expect(scene.gateway.requests).to.deep.equal([]);
  });

  it("gives up when every gateway is slow", async () => {
    scene.gateway.handler = never;
    const start = performance.now();
    const outcome = await scene.resolveAlice({ timeoutMs: 300 });
    expectUnreachable(outcome, /did not answer completely within/);
    expect(performance.now() - start).to.be.below(1_500);
  });
});
