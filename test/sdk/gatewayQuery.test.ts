import { expect } from "chai";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  never,
  redirectTo,
  serve,
  type Handler,
} from "./loopbackServer.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { Deadline } from "../../src/sdk/deadline.js";
import { askGateways } from "../../src/sdk/gatewayQuery.js";
import { expectRejection } from "../expectError.js";
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
    const query = { urls, sender: new Uint8Array(20), callData: new Uint8Array(4) };
    const asked = askGateways(query, createGuardedFetcher(), new Deadline(1_000));
    const { details } = await expectRejection(asked, "UNREACHABLE", /10\.0\.0\.15 is not a public/);
    expect(details["unreachable"]).to.have.length(16);
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
