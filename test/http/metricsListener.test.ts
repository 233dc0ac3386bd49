/** Who may read /metrics, over real HTTP. */
import { networkInterfaces } from "node:os";
import { expect } from "chai";
import { textRequest } from "../gateway/ensRequest.js";
import { readMetrics } from "../observe/exposition.js";
import { DOMAIN, openTestService, type TestService } from "./openTestService.js";

const NAME = `alice.${DOMAIN}`;

describe("http: /metrics", () => {
  let http: TestService;

  afterEach(() => http.stop());

  it("tells a program of this machine what the service did", async () => {
    http = await openTestService();
    expect(http.service.metricsUrl).to.equal(`${http.url}/metrics`);
    await http.ccip("0x1234");
    // of the first two, each is signed: only names that are asked for again are remembered
    for (let count = 0; count < 4; count++) await http.ccip(textRequest(NAME, "avatar"));
    await http.v1("PUT", `/names/${NAME}/records`, { texts: { avatar: "a" } });
    await http.v1("GET", `/names/${NAME}`, undefined, null);

    const response = await fetch(http.service.metricsUrl);
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal(
      "text/plain; version=0.0.4; charset=utf-8",
    );
    expect(response.headers.get("access-control-allow-origin")).to.equal(null);
    const { values } = readMetrics(await response.text());
    const at = (series: string) => values.get(series);
    expect(at("signpost_ready")).to.equal(1);
    const lookups = (source: string) =>
      at(`signpost_lookups_total{domain="${DOMAIN}",function="text",source="${source}"}`);
    expect([lookups("registry"), lookups("cache")]).to.deep.equal([2, 2]);
    const refused = 'signpost_lookups_refused_total{code="INVALID_CALL_DATA",fault="client"}';
    expect(at(refused)).to.equal(1);
    expect(at('signpost_lookup_duration_seconds_count{outcome="cache"}')).to.equal(2);
    expect(at("signpost_answer_cache_entries")).to.equal(1);
    expect(at("signpost_answer_cache_bytes")).to.be.above(500);
    expect(at('signpost_database_duration_seconds_count{question="look_up"}')).to.equal(2);
    expect(at('signpost_database_duration_seconds_count{question="change_names"}')).to.equal(1);
    expect(at("signpost_signer_duration_seconds_count")).to.equal(2);
    expect(at("signpost_signer_signs")).to.equal(1);
    expect(at("signpost_clock_skew_seconds")).to.be.within(-5, 5);
    expect(at('signpost_api_requests_total{method="PUT",status="200"}')).to.equal(1);
    expect(at('signpost_api_requests_total{method="GET",status="401"}')).to.equal(1);
    expect(at('signpost_database_connections{pool="lookups",state="idle"}')).to.be.above(0);
  });

  it("is not there for a proxy that asks for somebody else, nor for another machine", async () => {
    http = await openTestService(undefined, { host: "0.0.0.0" });
    const { port } = new URL(http.url);
    const ask = async (url: string, headers: Record<string, string> = {}) =>
      (await fetch(url, { headers })).status;
    expect(await ask(`http://127.0.0.1:${port}/metrics`)).to.equal(200);
    for (const name of ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP"]) {
      const headers = { [name]: "203.0.113.7" };
      expect(await ask(`http://127.0.0.1:${port}/metrics`, headers), name).to.equal(404);
    }
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4");
    for (const { address } of outside) {
      expect(await ask(`http://${address}:${port}/health/live`)).to.equal(200);
      expect(await ask(`http://${address}:${port}/metrics`)).to.equal(404);
    }
  });

  it("is on a port of its own, and nothing else with it, where one is set", async () => {
    http = await openTestService(undefined, { metricsAt: { host: "127.0.0.1", port: 0 } });
    const { metricsUrl } = http.service;
    expect(new URL(metricsUrl).port).not.to.equal(new URL(http.url).port);
    const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;
    expect(await statusOf(metricsUrl, { headers: { "x-forwarded-for": "203.0.113.7" } })).to.equal(
      200,
    );
    expect(await statusOf(`${http.url}/metrics`)).to.equal(404);
    for (const path of ["/", "/metrics/x", "/health/live", "/v1/names/x"]) {
      expect(await statusOf(new URL(path, metricsUrl).href), path).to.equal(404);
    }
    expect(await statusOf(metricsUrl, { method: "POST" })).to.equal(404);
    expect(await statusOf(`${metricsUrl}?x=1`)).to.equal(200);
  });

  it("fails with 500, and a word to the operator, when the numbers cannot be had", async () => {
    http = await openTestService(undefined, {
      metricsText: () => () => Promise.reject(new Error("no numbers")),
    });
    expect((await fetch(http.service.metricsUrl)).status).to.equal(500);
    expect(http.failures.map(({ code, cause }) => [code, String(cause)])).to.deep.equal([
      ["INTERNAL", "Error: no numbers"],
    ]);
  });
});
