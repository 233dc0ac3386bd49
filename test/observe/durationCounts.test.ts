import { expect } from "chai";
import fc from "fast-check";
import { BOUNDS_SEC, durationCounts } from "../../src/observe/durationCounts.js";

describe("observe/durationCounts", () => {
  it("counts a duration at a bound with those below it (Prometheus' le)", () => {
    const counts = durationCounts();
    for (const durationMs of [0.05, 0.050001, 1, 2500, 2500.1]) counts.note(durationMs);
    const at = (bound: number) => counts.cumulative()[BOUNDS_SEC.findIndex((le) => le === bound)];
    expect([at(0.00005), at(0.0001), at(0.001), at(1), at(2.5)]).to.deep.equal([1, 2, 3, 3, 4]);
    expect(counts.count).to.equal(5);
    expect(counts.sumSec).to.be.closeTo(5.0012, 0.0001);
  });

  it("counts as a sort would, whatever the durations", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 5000, noNaN: true })), (durations) => {
        const counts = durationCounts();
        for (const durationMs of durations) counts.note(durationMs);
        expect(counts.cumulative()).to.deep.equal(
          BOUNDS_SEC.map((le) => durations.filter((durationMs) => durationMs <= le * 1000).length),
        );
      }),
    );
  });
});
