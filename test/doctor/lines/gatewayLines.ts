import { expect } from "chai";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { expectOnly, lineOf } from "../diagnosis.js";
import { ALICE, type Ward } from "../ward.js";

export function gatewayLines(ward: () => Ward): void {
  it("url-template: a placeholder that no client knows", async () => {
    const { gateway, urlOn, setUrls } = ward();
    await setUrls(`${urlOn(gateway.url)}/{Data}`);
    expectOnly(await ward().examine(), "url-template", "failed", /\{Data\}, which no client/);
  });

  it("url-template: a placeholder that comes twice", async () => {
    const { gateway, urlOn, setUrls } = ward();
    const post = urlOn(gateway.url);
    const twice = `${post}/{data}?again={data}`;
    await setUrls(post, twice);
    const lines = await ward().examine();
    const silent = ["cors-preflight"];
    expectOnly(lines, "url-template", "warning", /\{data\} comes twice/, { url: twice, silent });
  });

  it("url-template: this machine, unless --allow-loopback lets it", async () => {
    const lines = await ward().examine(ALICE, { allowLoopback: false });
    expectOnly(lines, "url-template", "failed", /127\.0\.0\.1 is not a public address/);
    expect(ward().gateway.requests).to.deep.equal([]);
  });

  it("gateway-reachable: nobody listens, while the second URL serves", async () => {
    const { gateway, urlOn, setUrls } = ward();
    const dead = urlOn(await deadUrl());
    await setUrls(dead, urlOn(gateway.url));
    const lines = await ward().examine();
    expectOnly(lines, "gateway-reachable", "failed", /ECONNREFUSED/, { url: dead });
    expect(lineOf(lines, "profile").status).to.equal("passed");
  });

  it("gateway-reachable: a redirect", async () => {
    ward().bend((sent) => {
      Object.assign(sent, { status: 302, headers: { location: "https://example.com/" } });
    });
    expectOnly(await ward().examine(), "gateway-reachable", "failed", /redirect/);
  });

  const statuses: [number, said: string, advice: RegExp][] = [
    [404, "HTTP 404: who?", /ask no other URL/],
    [429, "HTTP 429: who?", /Never limit lookups by 429/],
    [503, "HTTP 503: who?", /take the next URL/],
  ];
  for (const [status, said, advice] of statuses) {
    it(`gateway-answer: HTTP ${status}`, async () => {
      ward().bend((sent) => {
        Object.assign(sent, { status, body: '{"message":"who?"}' });
      });
      const lines = await ward().examine();
      expectOnly(lines, "gateway-answer", "failed", new RegExp(said.replace("?", "\\?")));
      expect(lineOf(lines, "gateway-answer").advice).to.match(advice);
    });
  }

  it("gateway-answer: 200 with something else", async () => {
    ward().bend((sent) => {
      sent.body = "<html>";
    });
    expectOnly(await ward().examine(), "gateway-answer", "failed", /not JSON of the form/);
  });

  it("content-type: text/plain", async () => {
    ward().bend((sent) => {
      sent.headers["content-type"] = "text/plain";
    });
    expectOnly(await ward().examine(), "content-type", "failed", /text\/plain/);
  });

  it("cors-preflight: OPTIONS refused, or content-type not allowed", async () => {
    ward().bend((sent, { method }) => {
      if (method === "OPTIONS") sent.status = 405;
    });
    expectOnly(await ward().examine(), "cors-preflight", "failed", /HTTP 405 instead of 2xx/);
    ward().bend((sent, { method }) => {
      if (method === "OPTIONS") delete sent.headers["access-control-allow-headers"];
    });
    expectOnly(await ward().examine(), "cors-preflight", "failed", /content-type not in/);
  });

  it("cors-header: none on answers", async () => {
    ward().bend((sent, { method }) => {
      if (method === "POST") delete sent.headers["access-control-allow-origin"];
    });
    expectOnly(await ward().examine(), "cors-header", "failed", /allow-origin is missing/);
  });
}
