import { expect } from "chai";
import { createPauses, type Pauses } from "../../src/storage-client/pauses.js";

const HOUR_MS = 60 * 60_000;

describe("whom the writer leaves alone", () => {
  let nowMs: number;
  let pauses: Pauses;
  beforeEach(() => {
    nowMs = 1_000_000_000;
    pauses = createPauses({ nowMs: () => nowMs, chance: () => 0 });
  });

  it("is left alone twice as long after each failure, until it succeeds", () => {
    const lengths: number[] = [];
    for (let each = 0; each < 4; each++) {
      pauses.failed("a");
      lengths.push(pauses.untilNextMs());
    }
    pauses.succeeded("a");
    expect([pauses.has("a"), pauses.hasFailed("a"), pauses.untilNextMs()]).to.deep.equal([
      ...[false, false, Infinity],
    ]);
    pauses.failed("a");
    lengths.push(pauses.untilNextMs());
    expect(lengths).to.deep.equal([1_000, 2_000, 4_000, 8_000, 1_000]);
  });

  it("is not forgotten where its pause ended before anybody asked, and told once", () => {
    pauses.failed("a");
    pauses.failed("b");
    pauses.failed("b");
    nowMs += 1_500;
    expect([pauses.has("a"), pauses.has("b")]).to.deep.equal([false, true]);
    expect(pauses.untilNextMs()).to.equal(0);
    expect(pauses.untilNextMs()).to.equal(500);
    nowMs += 500;
    expect([pauses.untilNextMs(), pauses.untilNextMs()]).to.deep.equal([0, Infinity]);
    pauses.failed("a");
    expect(pauses.untilNextMs()).to.equal(2_000);
  });

  it("may be tried where the clock was set back since it failed", () => {
    pauses.failed("a");
    nowMs -= HOUR_MS;
    expect(pauses.has("a")).to.equal(false);
    expect([pauses.untilNextMs(), pauses.untilNextMs()]).to.deep.equal([0, Infinity]);
  });

  it("may be tried at once when all pauses end, and is known to have failed", () => {
    pauses.failed("a");
    pauses.end();
    expect([pauses.has("a"), pauses.hasFailed("a")]).to.deep.equal([false, true]);
    expect(pauses.untilNextMs()).to.equal(Infinity);
    pauses.failed("a");
    expect(pauses.untilNextMs()).to.equal(2_000);
  });
});
