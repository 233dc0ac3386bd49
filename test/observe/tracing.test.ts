/** Traces of the service over real HTTP, as a collector gets them. */
import { expect } from "chai";
import { startTracing, type Tracing } from "../../src/observe/tracing.js";
import { textRequest } from "../gateway/ensRequest.js";
import { CCIP_PATH, DOMAIN, openTestService, type TestService } from "../http/openTestService.js";
import { serve } from "../lookup/loopbackServer.js";
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from "./traceReceiver.js";

const NAME = `alice.${DOMAIN}`;
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const CALLER_SPAN = "b7ad6b7169203331";
const traceparent = `00-${TRACE_ID}-${CALLER_SPAN}-01`;

describe("observe/tracing", () => {
  let receiver: TraceReceiver;
  let tracing: Tracing;
  let http: TestService;
  let spans: readonly ReceivedSpan[];
  const warnings: string[] = [];

  /** Its packages read the environment when it starts. */
  const open = (url: string) => {
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=test",
    };
    Object.assign(process.env, settings);
    try {
      return startTracing({ version: "1.2.3", warn: (sentence) => warnings.push(sentence) });
    } finally {
      for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
    }
  };

  before(async () => {
    receiver = await startTraceReceiver();
    tracing = open(receiver.url);
    http = await openTestService(undefined, { tracing });
    const headers = { "content-type": "application/json" };
    // one lookup of each kind, at the same time, so that none gets the spans of another
    await Promise.all([
      fetch(http.url + CCIP_PATH, {
        method: "POST",
        headers: { ...headers, traceparent },
        body: JSON.stringify({ data: textRequest(NAME, "avatar") }),
      }),
      fetch(`${http.url}${CCIP_PATH}/0x1234`),
      http.v1("PUT", `/names/${NAME}/records?secret=1`, { texts: { avatar: "a" } }),
      fetch(`${http.url}/health/ready`),
    ]);
    await tracing.stop();
    ({ spans } = receiver);
  });
  after(async () => {
    await http.stop();
    await receiver.stop();
  });

  const only = (found: readonly ReceivedSpan[]) => {
    expect(found).to.have.length(1);
    return found[0]!;
  };
  const roots = (name: string) => spans.filter((span) => span.kind === 2 && span.name === name);
  const below = ({ spanId }: ReceivedSpan) => spans.filter((span) => span.parentSpanId === spanId);

  it("show what a lookup waited for, below the caller's span", () => {
    const lookup = only(roots("lookup").filter(({ traceId }) => traceId === TRACE_ID));
    expect(lookup.parentSpanId).to.equal(CALLER_SPAN);
    expect(lookup.attributes).to.include({
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "signpost.domain": DOMAIN,
      "signpost.function": "text",
      "signpost.source": "registry",
    });
    expect(lookup.status.code ?? 0).to.equal(0);
    const stages = below(lookup);
    expect(stages.every(({ traceId }) => traceId === TRACE_ID)).to.equal(true);
    // the domains of the resolver are read by the first lookup that needs them
    expect(stages.map(({ name }) => name).filter((name) => name !== "served_resolvers")).to.eql([
      "decode",
      "look_up",
      "sign",
    ]);
    for (const { startTimeUnixNano, endTimeUnixNano } of stages) {
      expect(Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano))).to.be.within(0, 5e9);
    }
  });

  it("show a lookup that cannot be decoded as a client's mistake", () => {
    const lookup = only(roots("lookup").filter(({ traceId }) => traceId !== TRACE_ID));
    expect(lookup.parentSpanId ?? "").to.equal("");
    expect(lookup.attributes).to.include({
      "http.response.status_code": 400,
      "error.type": "INVALID_CALL_DATA",
    });
    expect(lookup.status.code ?? 0).to.equal(0);
    expect(below(lookup).map(({ name }) => name)).to.deep.equal(["decode"]);
  });

  it("show a request of the service API, without its query", () => {
    const api = only(roots("PUT /v1"));
    expect(api.attributes).to.deep.equal({
      "http.request.method": "PUT",
      "url.path": `/v1/names/${NAME}/records`,
      "http.response.status_code": 200,
    });
    const waits = below(api).map(({ name }) => name);
    expect(waits).to.include.members(["api_key_of", "change_names"]);
    expect(waits).not.to.include("decode");
  });

  it("show nothing of probes, and name the service", () => {
    expect(spans.filter(({ kind }) => kind === 2)).to.have.length(3);
    expect(receiver.resource).to.include({
      "service.name": "signpost",
      "service.version": "1.2.3",
      "deployment.environment": "test",
    });
    expect(warnings).to.deep.equal([]);
  });

  it("have nothing below a lookup from the cache", async () => {
    const cached = open(receiver.url);
    const before = spans.length;
    const traced = cached.traced((_request, response) => {
      cached.gateway.answered({ domain: DOMAIN, functionName: "text", from: "cache" }, 1);
      response.end();
    });
    const server = await serve(traced);
    await fetch(server.url + CCIP_PATH);
    await server.close();
    await cached.stop();
    expect(only(spans.slice(before)).attributes).to.include({ "signpost.source": "cache" });
  });

  it("warn, and do no harm, when the collector is away", async () => {
    const away = await startTraceReceiver();
    await away.stop();
    const lost = open(away.url);
    const server = await serve(lost.traced((_request, response) => response.end("answer")));
    expect(await (await fetch(`${server.url}/v1/names`)).text()).to.equal("answer");
    await server.close();
    const startedMs = performance.now();
    await lost.stop();
    expect(performance.now() - startedMs).to.be.below(3_000);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^Traces are not complete, because the collector .*: .{5,}/);
  });
});
