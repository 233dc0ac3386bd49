import { expect } from "chai";
import { answerCache } from "../../../src/gateway/cache/answerCache.js";
import type { AnswerBasis } from "../../../src/gateway/gateway.js";

const cached = (ready: string) => ({
  ready,
  basis: {} as AnswerBasis,
  from: "cache" as const,
  usableUntilMs: 0,
  validatedAtMs: 0,
  isBeingRefreshed: false,
});

describe("gateway/answerCache", () => {
  it("gives back what it holds, and null for the rest", () => {
    const cache = answerCache<string>(1000);
    cache.set("a", cached("A"), 100);
    expect(cache.get("a")?.ready).to.equal("A");
    expect(cache.get("b")).to.equal(null);
    expect([cache.entries, cache.bytes]).to.deep.equal([1, 100]);
  });

  it("never takes more memory than it may, whatever comes", () => {
    const cache = answerCache<string>(1000);
    for (let index = 0; index < 500; index++) {
      cache.set(`${index}`, cached("x"), 1 + ((index * 37) % 300));
      cache.get(`${index - 3}`);
      expect(cache.bytes).to.be.at.most(1000);
    }
    cache.set("too large", cached("x"), 501);
    expect(cache.get("too large")).to.equal(null);
  });

  it("takes an answer of half its memory, beside another one", () => {
    const cache = answerCache<string>(1000);
    cache.set("a", cached("A"), 500);
    cache.set("b", cached("B"), 500);
    expect([cache.get("a")?.ready, cache.get("b")?.ready]).to.deep.equal(["A", "B"]);
  });

  it("counts what is young and what is old", () => {
    const cache = answerCache<string>(1000);
    for (const key of ["a", "b", "c"]) cache.set(key, cached(key), 200);
    expect([cache.entries, cache.bytes]).to.deep.equal([3, 600]);
    // from the old ones to the young ones
    expect(cache.get("a")?.ready).to.equal("a");
    expect([cache.entries, cache.bytes]).to.deep.equal([3, 600]);
  });

  it("counts an answer that replaces another one only once", () => {
    const cache = answerCache<string>(1000);
    for (let round = 0; round < 50; round++) cache.set("a", cached(`${round}`), 100);
    expect(cache.get("a")?.ready).to.equal("49");
    expect([cache.entries, cache.bytes]).to.deep.equal([1, 100]);
  });

  it("keeps what is used while a flood passes, and forgets what is not", () => {
    const cache = answerCache<string>(1000);
    cache.set("used", cached("used"), 50);
    cache.set("unused", cached("unused"), 50);
    for (let index = 0; index < 200; index++) {
      cache.set(`flood ${index}`, cached("x"), 50);
      expect(cache.get("used")?.ready).to.equal("used");
    }
    expect(cache.get("unused")).to.equal(null);
  });

  it("holds nothing when it may not, and nothing after it was cleared", () => {
    const none = answerCache<string>(0);
    none.set("a", cached("A"), 1);
    expect(none.get("a")).to.equal(null);
    const cache = answerCache<string>(1000);
    cache.set("a", cached("A"), 400);
    cache.set("b", cached("B"), 400);
    cache.clear();
    expect([cache.get("a"), cache.get("b"), cache.bytes, cache.entries]).to.deep.equal([
      null,
      null,
      0,
      0,
    ]);
  });
});
