/** Medians, spreads and ratios of few values. */
import { expect } from "chai";
import { ratioByRound, spreadOf, spreadOfMeasured } from "../../bench/measure/statistics.js";
import { expectError } from "../expectError.js";

describe("bench statistics", () => {
  it("take the middle of an odd number of values, and halfway between the two of an even one", () => {
    expect(spreadOf([5, 1, 9])).to.deep.equal({ median: 5, lowest: 1, highest: 9 });
    expect(spreadOf([10, 2, 1, 4])).to.deep.equal({ median: 3, lowest: 1, highest: 10 });
    expect(spreadOf([7])).to.deep.equal({ median: 7, lowest: 7, highest: 7 });
  });

  it("refuse to make up a median of nothing", () => {
    expectError(() => spreadOf([]), "INTERNAL", /no median of no values/);
  });

  it("leave out what could not be measured", () => {
    expect(spreadOfMeasured([null, 4, 2])).to.deep.equal({ median: 3, lowest: 2, highest: 4 });
    expect(spreadOfMeasured([null, null])).to.equal(null);
  });

  it("compare round by round, so that a machine that slows down for both changes nothing", () => {
    const ours = [100, 50, 10];
    const theirs = [10, 5, 1];
    expect(ratioByRound(ours, theirs)).to.deep.equal({ median: 10, lowest: 10, highest: 10 });
    expect(ratioByRound([10, 30], [10, 10])).to.deep.equal({ median: 2, lowest: 1, highest: 3 });
  });

  it("have no ratio when a round lacks a value, or divides by zero", () => {
    expect(ratioByRound([1, 2], [1, null])).to.equal(null);
    expect(ratioByRound([1, 2], [1])).to.equal(null);
    expect(ratioByRound([1], [0])).to.equal(null);
    expect(ratioByRound([], [])).to.equal(null);
  });
});
