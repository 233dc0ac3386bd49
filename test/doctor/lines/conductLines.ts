import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { judgeLatency } from "../../../src/doctor/checks/latency.js";
import { diagnosisOf } from "../../../src/doctor/examine.js";
import { never } from "../../lookup/loopbackServer.js";
import { expectOnly, lineOf, textOf } from "../diagnosis.js";
import { ALICE, type Ward } from "../ward.js";

export function conductLines(ward: () => Ward): void {
  it("gateway-clock: five minutes ahead", async () => {
    ward().bend((sent) => {
      sent.headers["date"] = new Date(Date.now() + 300_000).toUTCString();
    });
    expectOnly(await ward().examine(), "gateway-clock", "warning", /(299|300) s ahead/);
  });

  it("gateway-oracle: signs for whatever {sender} says, as the reference gateway does", async () => {
    ward().bend((sent, asked) => {
      if (asked.sender === "") return;
      ward().resign(sent, asked, { target: asked.sender });
    });
    const { rpcUrl } = ward().world.chain;
    const lines = await ward().examine(ALICE, { rpc: rpcUrl });
    const oracle = lineOf(lines, "gateway-oracle");
    expect(oracle.status).to.equal("warning");
    expect(oracle.seen).to.match(/signs for whatever \{sender\}/);
    // and it breaks, the day that a UniversalResolver asks in its own name
    const wrong = lines.filter(({ status }) => status === "failed");
    expect(wrong.map(({ id }) => id)).to.deep.equal(["universal-single"]);
    expect(wrong[0]?.advice).to.match(/must not depend on \{sender\}/);
  });

  it("gateway-oracle: signs for any resolver in its path", async () => {
    const { gateway } = ward();
    let last = "";
    ward().bend((sent, asked) => {
      if (asked.method === "POST" && sent.status === 200) last = sent.body;
      if (sent.status !== 404) {
        if (asked.method === "POST") ward().resign(sent, asked);
        return;
      }
      const inPath = /0x[0-9a-f]{40}/i.exec(asked.url)?.[0] ?? "";
      sent.status = 200;
      sent.body = last;
      ward().resign(sent, asked, { target: inPath });
    });
    expectOnly(await ward().examine(), "gateway-oracle", "warning", /for any resolver in its path/);
    expect(gateway.requests.some((request) => request.includes("0xd0c7"))).to.equal(true);
  });

  for (const [how, status, body] of [
    ["an outage", 503, "{}"],
    ["a limit", 429, "{}"],
    ["no answer in its form", 200, '{"data":"0x1234"}'],
  ] as const) {
    it(`gateway-oracle: is not known after ${how}, which refuses nothing`, async () => {
      ward().bend((sent, { sender, url }) => {
        if (!`${sender} ${url}`.toLowerCase().includes("0xd0c7")) return;
        Object.assign(sent, { status, body });
      });
      const oracle = lineOf(await ward().examine(), "gateway-oracle");
      expect(oracle.status).to.equal("skipped");
      expect(oracle.seen).to.match(new RegExp(`^not known: another \\{sender\\}: HTTP ${status}`));
    });
  }

  it("gateway-burst: 429 for some of 20", async () => {
    const asked = new Map<string, number>();
    ward().bend((sent, { callData }) => {
      const count = (asked.get(toHex(callData)) ?? 0) + 1;
      asked.set(toHex(callData), count);
      // the first question and two for other resolvers come before
      if (count > 10 && count <= 13) sent.status = 429;
    });
    const lines = await ward().examine(ALICE, { burst: true });
    expectOnly(lines, "gateway-burst", "failed", /3 of 20 requests are answered HTTP 429/);
  });

  it("latency: a second is slow, ten are too many for viem", async () => {
    let asked = 0;
    ward().bend(async (_sent, { method, sender }) => {
      const isProbe = sender.startsWith("0xd0c7");
      if (method === "POST" && !isProbe && ++asked <= 3) await sleep(1100);
    });
    expectOnly(await ward().examine(), "latency", "warning", /11\d\d ms, median of 3/);
    expect(judgeLatency([1000, 10, 5000, 20, 900]).status).to.equal("passed");
    expect(judgeLatency([1001]).status).to.equal("warning");
    expect(judgeLatency([10_001])).to.deep.include({
      status: "failed",
      seen: "10001 ms, median of 1",
    });
    expect(judgeLatency([10, null]).seen).to.equal("1 of 2 requests were not answered");
  });

  it("ends when its time is over, and blames nobody for that", async () => {
    ward().gateway.handler = never;
    const startedMs = Date.now();
    const lines = await ward().examine(ALICE, { timeoutMs: 1500 });
    expect(Date.now() - startedMs).to.be.below(3000);
    expect(textOf(lines.filter(({ status }) => status === "failed"))).to.equal("");
    expect(lineOf(lines, "gateway-reachable").seen).to.match(
      /time was over; give more with --timeout/,
    );
    expect(diagnosisOf(lines)).to.equal("warnings");
  });
}
