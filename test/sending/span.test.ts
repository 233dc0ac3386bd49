import { expect } from "chai";
import fc from "fast-check";
import { leftMs } from "../../src/sending/span.js";

describe("a time that lasts", () => {
  const span = { sinceMs: 1_000, lengthMs: 500 };

  it("is over at its end, and not before", () => {
    const left = [1_000, 1_001, 1_499, 1_500, 9_000].map((nowMs) => leftMs(span, nowMs));
    expect(left).to.deep.equal([500, 499, 1, 0, 0]);
  });

  it("is over where the clock was set back behind its beginning", () => {
    expect([999, 0, -5].map((nowMs) => leftMs(span, nowMs))).to.deep.equal([0, 0, 0]);
  });

  it("never lasts longer than it is, whatever the clock says", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.integer(), (sinceMs, lengthMs, nowMs) => {
        expect(leftMs({ sinceMs, lengthMs }, nowMs)).to.be.within(0, lengthMs);
      }),
    );
  });
});
