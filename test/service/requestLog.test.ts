/** The log of the service as a process: what is in it, and what never is. */
import { expect } from "chai";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { type ChildProgram, startProgram } from "../childProgram.js";
import { readMetrics } from "../observe/exposition.js";
import { startTraceReceiver } from "../observe/traceReceiver.js";

const KEY = `0x${"11".repeat(32)}`;
const API_KEY = `signpost_${"a".repeat(43)}`;
const LOOKUP = `/ccip/1/0x${"5f".repeat(20)}/0x1234`;

describe("log of the service", function () {
  this.timeout(180_000);

  async function during(
    settings: Record<string, string>,
    use: (url: string, program: ChildProgram, drop: () => Promise<void>) => Promise<void>,
  ): Promise<Record<string, unknown>[]> {
    const scratch = await openScratchDatabase();
    const program = startProgram("src/main.ts", [], {
      settings: { DATABASE_URL: scratch.url, GATEWAY_SIGNER_KEY: KEY, PORT: "0", ...settings },
    });
    try {
      const url = await program.printed(/Signpost listens on (http:\S+)/);
      await program.printed(/no domain yet/);
      await use(url, program, () => scratch.close());
      program.process.kill("SIGTERM");
      const { exitStatus, stdout } = await program.ended;
      expect(exitStatus, program.output()).to.equal(0);
      for (const secret of [KEY.slice(2), API_KEY, scratch.url, "secret-query"]) {
        expect(program.output()).not.to.include(secret);
      }
      // every line is one of JSON: no other output is between them
      const lines = stdout.trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    } finally {
      program.process.kill("SIGKILL");
      await scratch.close();
    }
  }

  const headers = { authorization: `Bearer ${API_KEY}`, "x-request-id": "seven" };

  it("says how it starts, what the service API was asked, and how it ends", async () => {
    const lines = await during({}, async (url) => {
      const { values } = readMetrics(await (await fetch(`${url}/metrics`)).text());
      expect(values.get("signpost_processes")).to.equal(1);
      const ageSec = Date.now() / 1000 - (values.get("process_start_time_seconds") ?? 0);
      expect(ageSec).to.be.within(0, 60);
      await fetch(`${url}/v1/names/a.eth?token=secret-query`, { headers });
      await fetch(url + LOOKUP);
      await fetch(`${url}/health/live`);
    });
    const sentences = lines.map(({ msg }) => String(msg));
    expect(sentences[0]).to.match(
      /^Signpost listens on http:\/\/127\.0\.0\.1:\d+ \(version [\d.]+\)$/,
    );
    expect(sentences.join("\n")).to.match(
      /\ndatabase [^\n]+\ngatewaySigner 0x\w{40} [^]+\nmetrics http:[^\n]+\/metrics\nno domain yet/,
    );
    expect(sentences.at(-1)).to.match(/^SIGTERM: finishing/);
    const requests = lines.filter((line) => "requestId" in line);
    expect(requests).to.have.length(1);
    const { time, pid, durationMs, ...facts } = requests[0]!;
    expect([typeof time, typeof pid, typeof durationMs]).to.eql(["string", "number", "number"]);
    expect(facts).to.deep.equal({
      level: "info",
      msg: "GET /v1/names/a.eth 401",
      requestId: "seven",
      method: "GET",
      path: "/v1/names/a.eth",
      status: 401,
    });
  });

  it("says from where and of every request, where that is wanted, and sends traces", async () => {
    const receiver = await startTraceReceiver();
    const settings = {
      LOG_LEVEL: "debug",
      LOG_CLIENT_ADDRESSES: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    };
    const lines = await during(settings, async (url) => {
      await fetch(url + LOOKUP);
      await fetch(`${url}/v1/names/a.eth`, { headers });
    });
    const requests = lines.filter((line) => "requestId" in line);
    expect(requests.map(({ level, path }) => [level, path])).to.deep.equal([
      ["debug", LOOKUP],
      ["info", "/v1/names/a.eth"],
    ]);
    for (const { clientAddress } of requests) expect(clientAddress).to.equal("127.0.0.1");
    // what was not sent yet is sent when the process ends
    const roots = receiver.spans.filter(({ kind }) => kind === 2).map(({ name }) => name);
    expect(roots.sort()).to.deep.equal(["GET /v1", "lookup"]);
    await receiver.stop();
  });

  it("says little of an outage, and which request met it first", async () => {
    const lines = await during({}, async (url, _program, drop) => {
      await drop();
      const failed = Array.from({ length: 60 }, () => fetch(`${url}/v1/names/a.eth`, { headers }));
      for (const { status } of await Promise.all(failed)) expect(status).to.equal(500);
    });
    const errors = lines.filter(({ level }) => level === "error");
    expect(errors.length).to.be.within(2, 10);
    expect(errors[0]).to.include({ code: "INTERNAL", requestId: "seven" });
    const suppressed = errors.map((line) => Number(line["suppressed"] ?? 1));
    // what looks at the tables in the background may meet it as well
    expect(suppressed.reduce((sum, count) => sum + count)).to.be.within(60, 65);
  });
});
