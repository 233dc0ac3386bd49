/** Checks as functions of facts, where no server in between could be wrong in that alone. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Check } from "../../src/conformance/check.js";
import { FETCH_CHECKS } from "../../src/conformance/checks/fetchChecks.js";
import { REACH_CHECKS } from "../../src/conformance/checks/reachChecks.js";
import { RECORD_CHECKS } from "../../src/conformance/checks/recordChecks.js";
import { examineRelayNode, verdictOf } from "../../src/conformance/examineRelayNode.js";
import { answeredWith } from "../../src/conformance/exchange.js";
import type { DeliveryFacts } from "../../src/conformance/facts/deliveryFacts.js";
import type { Finding } from "../../src/doctor/line.js";
import type { RelayNodeOutcome } from "../../src/lookup/outcome.js";
import { expectRejection } from "../expectError.js";
import { deadUrl, redirectTo, serve } from "../lookup/loopbackServer.js";
import { selfSigned } from "../source-http/selfSigned.js";
import { recordAt } from "./nodeUnderTest.js";

function judge<Facts>(checks: readonly Check<Facts>[], id: string, facts: Facts): Finding {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`There is no check ${id}.`);
  return check.examine(facts);
}

describe("conformance: checks", () => {
  const fine = answeredWith({ status: 200, headers: new Map(), text: "{}" });
  const reach = (id: string, givenUrl: string) =>
    judge(REACH_CHECKS, id, { givenUrl, first: fine }).status;

  it("url-form: a base behind which paths can stand", () => {
    expect(reach("url-form", "https://relay.example/ds")).to.equal("passed");
    expect(reach("url-form", "https://relay.example/ds/")).to.equal("warning");
    expect(reach("url-form", "https://relay.example/ds?x=1")).to.equal("failed");
    expect(reach("url-form", "relay.example")).to.equal("failed");
  });

  it("tls: but for this machine", () => {
    expect(reach("tls", "https://relay.example/ds")).to.equal("passed");
    expect(reach("tls", "http://127.0.0.1:1/ds")).to.equal("passed");
    expect(reach("tls", "http://relay.example/ds")).to.equal("failed");
  });

  it("tls: a certificate by nobody is told apart from a relay node that does not answer", async () => {
    const server = createServer(selfSigned, (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const tlsOf = async (url: string) =>
      (await examineRelayNode(url, { allowLoopback: true })).find(({ id }) => id === "tls");
    const refused = await tlsOf(`https://localhost:${port}`);
    server.close();
    expect(refused?.status).to.equal("failed");
    expect(refused?.seen).to.match(/certificate does not count.*SELF_SIGNED_CERT/);
    const silent = await tlsOf((await deadUrl()).replace("http:", "https:"));
    expect(silent?.status).to.equal("skipped");
  });

  it("live-address: where dm3's web client listens", () => {
    expect(reach("live-address", "https://relay.example/ds")).to.equal("passed");
    expect(reach("live-address", "https://relay.example")).to.equal("passed");
    expect(reach("live-address", "https://ds.example/ds")).to.equal("failed");
    expect(reach("live-address", "https://relay.example/dm3")).to.equal("warning");
  });

  it("record: there, not there, and not to be found out", () => {
    const record = recordAt("https://relay.example/ds");
    const judged = (outcome: RelayNodeOutcome | null) =>
      judge(RECORD_CHECKS, "record", { base: "https://relay.example/ds", record: outcome }).status;
    const lost = { name: "relay.eth", sentence: "Why." };
    expect(judged(record)).to.equal("passed");
    expect(judged(null)).to.equal("skipped");
    expect(
      judged({ ...lost, status: "absent", reason: "no-record", namedBy: "registry" }),
    ).to.equal("failed");
    expect(judged({ ...lost, status: "unreachable", unreachable: [] })).to.equal("warning");
  });

  it("record-url: exactly the URL that was given", () => {
    const judged = (published: string) =>
      judge(RECORD_CHECKS, "record-url", {
        ...{ base: "https://relay.example/ds", record: recordAt(published) },
      });
    expect(judged("https://relay.example/ds").status).to.equal("passed");
    expect(judged("https://relay.example/ds/").seen).to.match(/ends with a slash/);
    expect(judged("https://other.example/ds").seen).to.match(/leads senders to https:\/\/other/);
  });

  it("served-hash: the name that dm3's web client knows", () => {
    const judged = (metadata: object) => {
      const facts = { senderName: "alice.eth", rest: { copies: [{ metadata }] } };
      return judge(FETCH_CHECKS, "served-hash", facts as unknown as DeliveryFacts).status;
    };
    expect(judged({ messageHash: "0x", encryptedMessageHash: "0x" })).to.equal("passed");
    expect(judged({ messageHash: "0x" })).to.equal("passed");
    expect(judged({ encryptedMessageHash: "0x" })).to.equal("warning");
    expect(judged({})).to.equal("failed");
  });

  it("reachable: a dead one, one that leads elsewhere and a forbidden one leave the rest out", async () => {
    const elsewhere = await serve(redirectTo("https://elsewhere.example"));
    for (const [url, allowLoopback] of [
      [await deadUrl(), true],
      [elsewhere.url, true],
      ["http://127.0.0.1:1", false],
      ["https://10.0.0.1/ds", true],
    ] as const) {
      const lines = await examineRelayNode(url, { allowLoopback });
      const reachable = lines.find(({ id }) => id === "reachable");
      expect(reachable?.status, url).to.equal("failed");
      expect(verdictOf(lines)).to.equal("unreachable");
      const asked = lines.filter(({ dependsOn }) => dependsOn === "reachable");
      expect(asked.every(({ status }) => status === "skipped")).to.equal(true);
      expect(asked).to.have.length.above(20);
    }
    await elsewhere.close();
  });

  it("are out of time rather than failed when the time is over", async () => {
    const slow = await serve((_request, response) => {
      setTimeout(() => response.end('{"result":"{}"}'), 150);
    });
    const lines = await examineRelayNode(slow.url, { allowLoopback: true, timeoutMs: 400 });
    await slow.close();
    expect(lines.some(({ dependsOn }) => dependsOn === "time")).to.equal(true);
    expect(lines.find(({ id }) => id === "rpc-unknown-method")?.dependsOn).to.equal("time");
  });

  it("refuse a time-out that is none", async () => {
    const examined = examineRelayNode("https://relay.example", { timeoutMs: 0 });
    await expectRejection(examined, "INVALID_REQUEST", /time-out is 0 ms/);
  });
});

describe("docs/guides/node-check.md", () => {
  it("has a row for every check, in its order, and for no other", async () => {
    const page = await readFile("docs/guides/node-check.md", "utf8");
    const rows = [...page.matchAll(/^\| `([a-z][a-z-]+)` +\|/gm)].map(([, id]) => id);
    const lines = await examineRelayNode(await deadUrl(), { allowLoopback: true });
    expect(rows).to.deep.equal(lines.map(({ id }) => id));
  });
});
