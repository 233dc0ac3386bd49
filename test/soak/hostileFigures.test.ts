/** What a hostile soak keeps of what it measured, and which options it takes. */
import { expect } from "chai";
import { type Figures, missed } from "../../scripts/soak/hostile/figures.js";
import { readHostileOptions, withBaseline } from "../../scripts/soak/hostile/options.js";
import { hostileRatios } from "../../scripts/soak/hostile/results.js";

const GOOD: Figures = {
  ...{ quietP99Ms: 10, p50Ms: 1, p99Ms: 20, ratio: 2, failedLookups: 0, lookups: 750 },
  ...{ apiP99Ms: 90, refusedWrites: 0, refusedClaims: 0, rssMb: 150 },
};

describe("soak: attacks", () => {
  it("reaches its targets, or says which it misses", () => {
    expect(missed(GOOD)).to.deep.equal([]);
    expect(missed({ ...GOOD, ratio: 5, apiP99Ms: 1_000, rssMb: 400 })).to.deep.equal([]);
    const bad = { ...GOOD, ratio: 5.1, failedLookups: 1, rssMb: 401 };
    expect(missed(bad)).to.deep.equal(["ratio", "failedLookups", "rssMb"]);
    expect(missed({ ...GOOD, rssMb: null })).to.deep.equal([]);
  });

  it("keeps the worst of several attacks", () => {
    const all = [GOOD, { ...GOOD, ratio: 3.14159, rssMb: 120 }, { ...GOOD, failedLookups: 2 }];
    expect(hostileRatios(all)).to.deep.equal({
      hostileGoodP99VsQuiet: 3.14,
      hostileFailedLookups: 2,
      hostileApiP99Ms: 90,
      hostileRssMb: 150,
    });
  });

  it("takes --before without a commit for the baseline", () => {
    expect(withBaseline(["--hostile", "--before"])).to.deep.equal([
      "--hostile",
      "--before",
      "e76d207",
    ]);
    expect(withBaseline(["--before", "--seconds", "5"])[1]).to.equal("e76d207");
    expect(withBaseline(["--before", "abc"])).to.deep.equal(["--before", "abc"]);
  });

  it("refuses options that mean nothing", () => {
    expect(readHostileOptions({ seconds: "15" })).to.deep.equal({
      ...{ before: null, seconds: 15, attacks: null },
    });
    expect(readHostileOptions({ seconds: "5", attack: "largePages,wrongKeys" })).to.deep.include({
      attacks: ["largePages", "wrongKeys"],
    });
    expect(readHostileOptions({ seconds: "0" })).to.contain("--seconds");
    expect(readHostileOptions({ seconds: "5", attack: "none" })).to.contain("deepBodies");
  });
});
