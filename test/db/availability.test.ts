import { expect } from "chai";
import fc from "fast-check";
import { availability, RETRY_MS } from "../../src/db/availability.js";

describe("db/availability", () => {
  it("puts a database that failed last, until it has answered", () => {
    const known = availability(3);
    expect(known.order()).to.deep.equal([0, 1, 2]);
    known.failed(0, 1_000);
    expect(known.order()).to.deep.equal([1, 2, 0]);
    known.failed(1, 1_000);
    expect(known.order()).to.deep.equal([2, 0, 1]);
    known.answered(0);
    expect(known.order()).to.deep.equal([0, 2, 1]);
    known.answered(1);
    expect(known.order()).to.deep.equal([0, 1, 2]);
  });

  it("lets one question find out whether it is back, each time when its rest is over", () => {
    const known = availability(2);
    expect(known.beginProbes(0)).to.deep.equal([]);
    known.failed(0, 1_000);
    expect(known.beginProbes(1_000 + RETRY_MS - 1)).to.deep.equal([]);
    expect(known.beginProbes(1_000 + RETRY_MS)).to.deep.equal([0]);
    // the probe is under way: nobody else waits for what may not answer
    expect(known.beginProbes(1_000 + 10 * RETRY_MS)).to.deep.equal([]);
    expect(known.order()).to.deep.equal([1, 0]);
    known.failed(0, 20_000);
    expect(known.beginProbes(20_000 + RETRY_MS)).to.deep.equal([0]);
    known.answered(0);
    expect(known.order()).to.deep.equal([0, 1]);
    expect(known.beginProbes(99_000)).to.deep.equal([]);
  });

  it("always names every database once, those that are up before those that are down", () => {
    const event = fc.record({ index: fc.nat(3), up: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const known = availability(4);
        const up = [true, true, true, true];
        for (const [atMs, { index, up: isUp }] of events.entries()) {
          if (isUp) known.answered(index);
          else known.failed(index, atMs);
          up[index] = isUp;
        }
        const order = known.order();
        expect([...order].sort()).to.deep.equal([0, 1, 2, 3]);
        const wanted = [0, 1, 2, 3].sort((a, b) => Number(up[b]) - Number(up[a]) || a - b);
        expect(order).to.deep.equal(wanted);
      }),
    );
  });
});
