/** Relay nodes that lie, hang, flap or are somebody else's, and what is found of them within one interval. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { publicKeyFields } from "../../src/dm3/keys/keys.js";
import { namehash } from "../../src/ens/namehash.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import type { Canary } from "../../src/nodes/checkNode.js";
import type { Finding, NodeState } from "../../src/nodes/nodeState.js";
import { bytes } from "../db/sampleNames.js";
import {
  answer,
  answerJson,
  deadUrl,
  type Handler,
  type LoopbackServer,
  redirectTo,
  serve,
} from "../lookup/loopbackServer.js";
import {
  DOMAIN,
  INTERVAL_MS,
  nodeKeys,
  openWatchWorld,
  OTHER_OWNER,
  OWNER,
  properties,
  type Registration,
  type WatchWorld,
} from "./watchWorld.js";

const GOOD = answerJson(properties());

describe("nodes: watching", function () {
  this.timeout(180_000);
  let world: WatchWorld;
  let server: LoopbackServer;

  beforeEach(async () => {
    world = await openWatchWorld();
    server = await serve(GOOD);
  });
  afterEach(async () => {
    await world.close();
    await server.close();
  });

  /** As if each node were at a host of its own. */
  const roomForAll = () => ({ ...world.store, takePlace: () => Promise.resolve(true) });
  const told = async (label: string) => {
    const { state, reason } = await world.shown(label);
    return `${state}: ${reason}`;
  };

  it("finds a node that works, and lists it for everybody", async () => {
    const name = await world.register("good", { url: `${server.url}/ds` });
    expect(await world.state("good")).to.equal(null);
    expect(await world.listedNames()).to.deep.equal([]);
    expect(await world.round()).to.equal(1);
    expect(server.requests).to.deep.equal(["POST /ds/rpc"]);
    const shown = await world.shown("good");
    expect(shown).to.deep.include({ name, url: `${server.url}/ds`, state: "works", reason: null });
    expect(shown).to.deep.include({ listed: true, uptime30Days: 1, checkedMs: world.nowMs() });
    expect(await world.listedNames()).to.deep.equal([name]);
    // its turn is over
    expect(await world.round()).to.equal(0);
    expect(await world.later()).to.equal(1);
  });

  const lies: readonly [string, Partial<Registration>, NodeState, RegExp][] = [
    ["has no proof", { isProven: false }, "unproven", /without a proof/],
    ["is signed by another key", { signedBy: nodeKeys(72) }, "unproven", /not by its key/],
    ["is proven for another name", { claim: { name: `x.${DOMAIN}` } }, "unproven", /this name/],
    ["is proven for another owner", { owner: OTHER_OWNER }, "unproven", /its owner/],
    ["is proven for no owner", { owner: null }, "unproven", /its owner/],
    [
      "is proven with another URL",
      { claim: { profile: { ...publicKeyFields(nodeKeys(71)), url: "https://a.example" } } },
      "unproven",
      /not by its key/,
    ],
    ["leads into a private network", { url: "https://10.0.0.1" }, "wrong", /nobody may follow/],
  ];
  for (const [what, registration, state, reason] of lies) {
    it(`shows as ${state} a node that ${what}, without asking it, and lists it not`, async () => {
      await world.register("liar", { url: server.url, ...registration });
      await world.round();
      const shown = await world.shown("liar");
      expect(shown.state).to.equal(state);
      expect(shown.reason).to.match(reason);
      expect(server.requests).to.deep.equal([]);
      expect(await world.listedNames()).to.have.length(state === "unproven" ? 0 : 1);
    });
  }

  it("shows as wrong a record that is no profile", async () => {
    const texts = new Map([["network.dm3.deliveryService", 'data:application/json,{"url":1}']]);
    await world.register("liar", { url: server.url, changes: { texts } });
    await world.round();
    expect(await told("liar")).to.equal("wrong: has a record that is no profile");
  });

  const answers: readonly [string, Handler, string][] = [
    ["a page", answer("<html>", { type: "text/html" }), "wrong: does not tell the properties of"],
    ["404", answerJson({}, 404), "wrong: answers with HTTP status 404"],
    ["503", answerJson({}, 503), "unreachable: answers with HTTP status 503"],
    ["429", answerJson({}, 429), "unreachable: answers with HTTP status 429"],
    ["an error", answerJson({ jsonrpc: "2.0", error: {} }), "wrong: does not tell the properties"],
    [
      "no size",
      answerJson(properties({ sizeLimit: undefined })),
      "wrong: tells properties without",
    ],
    ["size 0", answerJson(properties({ sizeLimit: 0 })), "wrong: tells properties without"],
    ["no time", answerJson(properties({ messageTTL: "a" })), "wrong: tells properties without"],
    [
      "too much",
      answer("x".repeat(70_000)),
      "wrong: answers with more than a relay node has to say",
    ],
    [
      "one that never ends",
      (_request, response) => {
        const drip = setInterval(() => response.write(" "), 50);
        response.on("close", () => {
          clearInterval(drip);
        });
      },
      "unreachable: did not answer completely within",
    ],
    [
      "JSON that is deep",
      answer("[".repeat(32_000) + "]".repeat(32_000)),
      "wrong: does not tell the properties",
    ],
    ["a redirect", redirectTo("https://a.example/"), "wrong: answered with a redirect"],
    [
      "a redirect into a private network",
      redirectTo("http://169.254.169.254/latest"),
      "wrong: answered with a redirect",
    ],
    [
      "another node's key",
      answerJson(
        properties({ publicSigningKeys: [publicKeyFields(nodeKeys(72)).publicSigningKey] }),
      ),
      "wrong: has other keys than those of its profile",
    ],
    [
      "its own key among others",
      answerJson(
        properties({
          publicSigningKeys: [72, 71].map(
            (fill) => publicKeyFields(nodeKeys(fill)).publicSigningKey,
          ),
        }),
      ),
      "works: null",
    ],
  ];
  for (const [what, handler, expected] of answers) {
    it(`tells of a node that answers with ${what}: ${expected}`, async () => {
      server.handler = handler;
      await world.register("node", { url: server.url });
      await world.round();
      expect(await told("node")).to.include(expected);
    });
  }

  it("shows a dead node as unreachable, asks again what worked before it says so, and others once", async () => {
    await world.register("dead", { url: await deadUrl() });
    await world.register("dies", { url: server.url });
    await world.round();
    expect(await told("dead")).to.match(/^unreachable: could not be reached/);
    server.requests.length = 0;
    server.handler = answerJson({}, 502);
    let rests = 0;
    world.pass(INTERVAL_MS);
    await world.round({
      rest: () => {
        rests++;
        return Promise.resolve();
      },
    });
    expect(await told("dies")).to.match(/^unreachable: .*502/);
    expect([rests, server.requests.length]).to.deep.equal([1, 2]);
    await world.later();
    expect(server.requests).to.have.length(3);
  });

  it("keeps a short outage within one check to itself", async () => {
    await world.register("node", { url: server.url });
    await world.round();
    let calls = 0;
    server.handler = (...call) => {
      (calls++ === 0 ? answerJson({}, 502) : GOOD)(...call);
    };
    await world.later();
    expect(await world.state("node")).to.equal("works");
    expect((await world.shown("node")).changes).to.have.length(1);
  });

  it("lets a node that hangs hold up nobody, and shows it as unreachable", async () => {
    const hanging = await serve(() => undefined);
    for (let index = 0; index < 40; index++) {
      await world.register(`a-hangs-${index}`, { url: hanging.url });
    }
    await world.register("z-good", { url: server.url });
    const began = performance.now();
    const running = world.round({ store: roomForAll() });
    while ((await world.state("z-good")) !== "works") await delay(50);
    // forty of them one after the other, or thirty-two places behind them, would take longer than a time-out or two
    expect(performance.now() - began).to.be.below(7_000);
    await running;
    expect(performance.now() - began).to.be.below(14_000);
    expect(await told("a-hangs-39")).to.match(/^unreachable: did not answer completely within/);
    await hanging.close();
  });

  it("never shows as working a node that flaps, and as working again after two good checks", async () => {
    await world.register("flaps", { url: server.url });
    const seen: (string | null | undefined)[] = [];
    for (const isGood of [true, false, true, false, true, false, true, true]) {
      server.handler = isGood ? GOOD : answerJson({}, 500);
      await world.later();
      seen.push(await world.state("flaps"));
    }
    const down = Array.from({ length: 6 }, () => "unreachable");
    expect(seen).to.deep.equal(["works", ...down, "works"]);
    const { changes, days, uptime30Days } = await world.shown("flaps");
    expect(changes.map(({ state }) => state)).to.deep.equal(["works", "unreachable", "works"]);
    expect(changes[0]!.atMs).to.equal(world.nowMs());
    expect(days.reduce((sum, { checks }) => sum + checks, 0)).to.equal(8);
    expect(uptime30Days).to.be.closeTo(5 / 8, 1e-9);
  });

  it("checks what was written at once, and keeps the history of a name whose keys rotate", async () => {
    await world.register("node", { url: server.url });
    await world.round();
    await world.register("node", { url: server.url, keys: nodeKeys(73) });
    world.pass(1000);
    expect(await world.round()).to.equal(1);
    const { changes, state, sinceMs } = await world.shown("node");
    expect([state, changes.length, sinceMs]).to.deep.equal(["works", 1, world.nowMs() - 1000]);
  });

  it("takes a name off the list that changed its owner, and begins anew with the next registration", async () => {
    await world.register("node", { url: server.url });
    await world.round();
    await world.later();
    const addresses = new Map([[60n, bytes(20, 0xcd)]]);
    // the registry drops the proof with the owner; should one stay, it is for the former
    await world.register("node", { url: server.url, owner: OWNER, changes: { addresses } });
    await world.round();
    expect(await told("node")).to.match(/^unproven: .* for this name and its owner/);
    expect(await world.listedNames()).to.deep.equal([]);
    await world.register("node", { url: server.url, owner: OTHER_OWNER, changes: { addresses } });
    await world.round();
    await world.later();
    expect(await world.state("node")).to.equal("works");
    expect((await world.shown("node")).days[0]!.checks).to.be.below(5);
  });

  it("does not list a name whose proof went, before it is checked again; nor one that is suspended or gone", async () => {
    for (const label of ["a", "b", "c"]) await world.register(label, { url: server.url });
    await world.round();
    expect(await world.listedNames()).to.have.length(3);
    await world.register("a", { url: server.url, isProven: false });
    const suspension = { by: "service", reason: "spam", atMs: 1 } as const;
    await world.register("b", { url: server.url, changes: { suspension } });
    await world.register("c", { url: server.url, changes: { texts: new Map() } });
    expect(await world.listedNames()).to.deep.equal([]);
    expect(await world.list.named(namehash(`b.${DOMAIN}`))).to.equal(null);
    expect(await world.list.named(namehash(`c.${DOMAIN}`))).to.equal(null);
    expect(await world.round()).to.equal(1);
  });

  it("does not list a node whose operator does not want it, and shows it by its name", async () => {
    await world.register("quiet", { url: server.url, claim: { listed: false } });
    await world.round();
    expect(await world.listedNames()).to.deep.equal([]);
    expect(await world.shown("quiet")).to.include({ state: "works", listed: false });
  });

  it("lets several processes check each node once", async () => {
    for (let index = 0; index < 150; index++) {
      await world.register(`node-${index}`, { url: server.url });
    }
    const rounds = [1, 2, 3].map(() => world.round({ store: roomForAll() }));
    const counts = await Promise.all(rounds);
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(150);
    expect(server.requests).to.have.length(150);
    const page = await world.list.listed("", 100);
    const rest = await world.list.listed(page.next!, 100);
    expect([page.items.length, rest.items.length, rest.next]).to.deep.equal([100, 50, null]);
    const overdue = await world.store.counts(world.nowMs() + 1);
    expect(overdue).to.deep.equal({
      ...{ works: 150, unreachable: 0, wrong: 0, unproven: 0 },
      overdue: 150,
    });
    expect((await world.store.counts(world.nowMs())).overdue).to.equal(0);
  });

  it("believes a canary about nodes that work, where their operators grant it one", async () => {
    await world.register("granted", { url: server.url, claim: { canary: true } });
    await world.register("not-granted", { url: server.url });
    await world.register("dead", { url: await deadUrl(), claim: { canary: true } });
    const asked: string[] = [];
    let against: Finding | null = { state: "wrong", reason: "does not deliver" };
    const canary: Canary = ({ name }) => {
      asked.push(name);
      return Promise.resolve(against);
    };
    await world.round({ canary });
    expect(asked).to.deep.equal([`granted.${DOMAIN}`]);
    expect(await told("granted")).to.equal("wrong: does not deliver");
    expect(await told("not-granted")).to.equal("works: null");
    expect(await told("dead")).to.match(/^unreachable/);
    against = null;
    for (let check = 0; check < 2; check++) {
      world.pass(INTERVAL_MS);
      await world.round({ canary });
    }
    expect(await told("granted")).to.equal("works: null");
    // without a canary there is nothing to believe
    await world.later();
    expect(asked.filter((name) => name.startsWith("granted"))).to.have.length(3);
  });

  it("checks the other nodes when one of them meets a defect", async () => {
    for (const label of ["a", "b", "c"])
      await world.register(label, { url: `${server.url}/${label}` });
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const defects: unknown[] = [];
    await world.round({
      fetcher: (request) => {
        if (request.url.includes("/b/")) throw new RangeError("a defect");
        return guarded(request);
      },
      reportDefect: (error) => defects.push(error),
    });
    expect(String(defects)).to.equal("RangeError: a defect");
    const states = await Promise.all(["a", "b", "c"].map((label) => world.state(label)));
    expect(states).to.deep.equal(["works", null, "works"]);
    await world.later();
    expect(await world.state("b")).to.equal("works");
  });

  it("holds a name made of a wallet's address for nobody's without an address, as clients do", async () => {
    const label = OWNER.toLowerCase();
    const changes = { addresses: new Map() };
    await world.register(label, { url: server.url, owner: null, changes });
    await world.round();
    expect(await world.state(label)).to.equal("works");
  });

  it("bounds the history, and forgets what is gone for long", async () => {
    await world.register("node", { url: server.url });
    for (let index = 0; index < 110; index++) {
      server.handler = answerJson({}, index % 2 === 0 ? 404 : 503);
      world.pass(24 * 60 * 60_000);
      await world.round();
    }
    const { changes, days } = await world.shown("node");
    expect([changes.length, days.length]).to.deep.equal([100, 90]);
    await world.register("node", { url: server.url, changes: { texts: new Map() } });
    await world.store.forgetGone(world.nowMs());
    const count = async () => (await world.pool.query("select from watched_node")).rowCount;
    expect(await count()).to.equal(1);
    await world.store.forgetGone(world.nowMs() + 1);
    expect(await count()).to.equal(0);
  });
});
