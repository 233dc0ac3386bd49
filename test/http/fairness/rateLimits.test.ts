import { expect } from "chai";
import fc from "fast-check";
import { rateLimits } from "../../../src/http/fairness/rateLimits.js";

describe("http/rateLimits", () => {
  it("lets a whole limit through at once, and then as much as time brings", () => {
    let now = 0;
    const limits = rateLimits(() => now);
    expect(limits.take("a", 60, 60, 60)).to.equal(null);
    expect(limits.take("a", 60, 60, 1)).to.equal(1);
    now += 999;
    expect(limits.take("a", 60, 60, 1)).to.equal(1);
    now += 1;
    expect(limits.take("a", 60, 60, 1)).to.equal(null);
    expect(limits.take("a", 60, 60, 30)).to.equal(30);
    expect(limits.take("b", 60, 60, 30)).to.equal(null);
    now += 3_600_000;
    expect(limits.take("a", 60, 60, 61)).to.equal(60);
    expect(limits.take("a", 60, 60, 60)).to.equal(null);
  });

  it("takes nothing where it refuses, and bears a clock that is set back", () => {
    let now = 1_000_000;
    const limits = rateLimits(() => now);
    expect(limits.take("a", 10, 60, 11)).to.equal(60);
    expect(limits.take("a", 10, 60, 10)).to.equal(null);
    now = 0;
    expect(limits.take("a", 10, 60, 1)).to.equal(6);
    now += 6_000;
    expect(limits.take("a", 10, 60, 1)).to.equal(null);
  });

  it("takes back what was not used, and never holds more than the limit", () => {
    const limits = rateLimits(() => 0);
    limits.giveBack("a", 1);
    expect(limits.take("a", 2, 60, 2)).to.equal(null);
    limits.giveBack("a", 1);
    expect(limits.take("a", 2, 60, 1)).to.equal(null);
    expect(limits.take("a", 2, 60, 1)).to.equal(30);
    limits.giveBack("a", 5);
    expect(limits.take("a", 2, 60, 2)).to.equal(null);
    expect(limits.take("a", 2, 60, 1)).to.equal(30);
  });

  it("lets wait for what was used beside what was taken", () => {
    let now = 0;
    const limits = rateLimits(() => now);
    limits.owe("a", 60);
    expect(limits.take("a", 60, 60, 20)).to.equal(null);
    limits.owe("a", 100);
    expect(limits.take("a", 60, 60, 1)).to.equal(61);
    now += 61_000;
    expect(limits.take("a", 60, 60, 1)).to.equal(null);
    expect(limits.take("a", 60, 60, 1)).to.equal(1);
  });

  it("forgets of too many buckets the one that was used longest ago", () => {
    const limits = rateLimits(() => 0, 2);
    for (const bucket of ["a", "b"]) expect(limits.take(bucket, 2, 60, 2)).to.equal(null);
    expect(limits.take("a", 2, 60, 1)).to.equal(30);
    expect(limits.take("c", 2, 60, 2)).to.equal(null);
    expect(limits.take("a", 2, 60, 1)).to.equal(30);
    expect(limits.take("b", 2, 60, 2)).to.equal(null);
  });

  it("never lets more through than a limit and what time brought", () => {
    const steps = fc.array(
      fc.record({ waitMs: fc.nat(5_000), count: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(steps, (taken) => {
        let now = 0;
        let through = 0;
        const limits = rateLimits(() => now);
        for (const { waitMs, count } of taken) {
          now += waitMs;
          if (limits.take("a", 20, 10, count) === null) through += count;
          expect(through).to.be.at.most(20 + (now * 20) / 10_000 + 1e-6);
        }
      }),
    );
  });
});
