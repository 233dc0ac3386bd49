import { expect } from "chai";
import { createProfileCache } from "../../src/sdk/node.js";
import { expectFound } from "./outcomes.js";
import { createScene, RELAY, type Scene } from "./scene.js";

describe("profileCache", () => {
  let scene: Scene;
  before(async () => {
    scene = await createScene();
  });
  beforeEach(() => scene.reset());
  after(() => scene.close());

  it("gives the same outcome again without asking anybody, for the same options only", async () => {
    const cache = createProfileCache();
    const first = expectFound(await scene.resolveAlice({ cache }));
    const asked = scene.gateway.requests.length;
    expect(await scene.resolveAlice({ cache })).to.equal(first);
    expect(scene.gateway.requests).to.have.length(asked);
    const other = expectFound(await scene.resolveAlice({ cache, relayNodes: "none" }));
    expect(other.relayNodes).to.deep.equal([]);
    cache.clear();
    await scene.resolveAlice({ cache });
    expect(scene.gateway.requests.length).to.be.greaterThan(asked + 2);
  });

  it("does not keep a profile whose relay node was not found, nor an absent one", async () => {
    scene.names.delete(RELAY);
    const cache = createProfileCache();
    expectFound(await scene.resolveAlice({ cache }));
    await scene.reset();
    expect(expectFound(await scene.resolveAlice({ cache })).relayNode?.name).to.equal(RELAY);
    cache.clear();
    scene.names.clear();
    expect((await scene.resolveAlice({ cache })).status).to.equal("absent");
    await scene.reset();
    expectFound(await scene.resolveAlice({ cache }));
  });

  it("keeps nothing longer than the shortest of the answers, nor than five minutes", async () => {
    const found = expectFound(await scene.resolveAlice());
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const [relayNode] = found.relayNodes as [{ status: "found" } & (typeof found.relayNodes)[0]];
    const cache = createProfileCache();
    const isKept = (profileMs: number | null, relayMs: number | null) => {
      const end = (ms: number | null) => (ms === null ? null : at(ms));
      const relayNodes = [{ ...relayNode, expiresAt: end(relayMs) }] as typeof found.relayNodes;
      cache.set("key", { ...found, expiresAt: end(profileMs), relayNodes });
      return cache.get("key") !== null;
    };
    expect(isKept(60_000, 60_000)).to.equal(true);
    for (const [profile, relay] of [
      [-1, 60_000],
      [60_000, -1],
      [null, 60_000],
      [60_000, null],
    ] as const) {
      expect(isKept(profile, relay), `${profile}, ${relay}`).to.equal(false);
    }
    expect(isKept(40, 60_000)).to.equal(true);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(cache.get("key")).to.equal(null);
  });

  it("lets the oldest make room", async () => {
    const found = expectFound(await scene.resolveAlice());
    const cache = createProfileCache({ mostNames: 2 });
    for (const key of ["a", "b", "b", "c"]) cache.set(key, found);
    expect(["a", "b", "c"].map((key) => cache.get(key) !== null)).to.deep.equal([
      false,
      true,
      true,
    ]);
  });
});
