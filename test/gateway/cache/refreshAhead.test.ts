import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { type Refreshable, refreshAhead } from "../../../src/gateway/cache/refreshAhead.js";

describe("gateway/refreshAhead", () => {
  let nowMs: number;
  let asked: Refreshable[];
  let isCurrent: () => Promise<boolean>;

  beforeEach(() => {
    nowMs = 10_000;
    asked = [];
    isCurrent = () => Promise.resolve(true);
  });

  const answer = (): Refreshable => ({ validatedAtMs: nowMs, isBeingRefreshed: false });
  /** What is called for each fresh answer that is given. */
  function refresh() {
    const ahead = refreshAhead<Refreshable>(
      (one) => {
        asked.push(one);
        return isCurrent();
      },
      () => nowMs,
    );
    return (one: Refreshable) => {
      ahead.used(one, nowMs);
    };
  }

  it("asks for nothing before it is due, however often it is used", () => {
    const used = refresh();
    const one = answer();
    for (const ageMs of [0, 100, 700, 799]) {
      nowMs = 10_000 + ageMs;
      used(one);
    }
    expect(asked).to.deep.equal([]);
    expect(one.isBeingRefreshed).to.equal(false);
  });

  it("gathers for 50 ms from the first that is due, and asks for each once", () => {
    const used = refresh();
    const [first, second] = [answer(), answer()];
    nowMs += 800;
    used(first);
    nowMs += 49;
    used(second);
    used(first);
    expect(asked).to.deep.equal([]);
    nowMs += 1;
    used(second);
    expect(asked).to.deep.equal([first, second]);
  });

  it("waits no longer once 64 are due", () => {
    const used = refresh();
    const many = Array.from({ length: 64 }, answer);
    nowMs += 800;
    for (const one of many.slice(0, 63)) used(one);
    expect(asked).to.deep.equal([]);
    used(many[63]!);
    expect(asked).to.have.length(64);
  });

  it("begins the next group empty", async () => {
    const used = refresh();
    const one = answer();
    for (const expected of [1, 2, 3]) {
      nowMs += 800;
      used(one);
      nowMs += 50;
      used(one);
      expect(asked).to.deep.equal(Array.from({ length: expected }, () => one));
      await nextTurn();
      expect(one).to.deep.equal({ validatedAtMs: nowMs, isBeingRefreshed: false });
    }
  });

  it("looks ahead again after it could not find out, or found that the answer is not true any more", async () => {
    const used = refresh();
    const one = answer();
    for (const outcome of [Promise.reject(new Error("lost")), Promise.resolve(false)]) {
      isCurrent = () => outcome;
      nowMs = 10_850;
      used(one);
      nowMs = 10_900;
      used(one);
      await nextTurn();
      expect(one).to.deep.equal({ validatedAtMs: 10_000, isBeingRefreshed: false });
    }
    expect(asked).to.have.length(2);
  });

  it("never makes an answer older than a lookup has found it meanwhile", async () => {
    const used = refresh();
    const one = answer();
    nowMs += 800;
    used(one);
    nowMs += 50;
    used(one);
    one.validatedAtMs = nowMs + 10;
    await nextTurn();
    expect(one.validatedAtMs).to.equal(10_860);
  });
});
