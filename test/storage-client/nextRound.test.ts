import { expect } from "chai";
import { createNextRound, type NextRound } from "../../src/storage-client/nextRound.js";

describe("the next round of what writes into a storage", () => {
  const clock = { nowMs: () => 0, chance: () => 0 };
  /** How long it wanted to sleep, each time. */
  let slept: number[];
  let next: NextRound;

  beforeEach(() => {
    slept = [];
    next = createNextRound({
      clock,
      sleep: (ms, signal) => {
        slept.push(ms);
        return new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            resolve();
          });
        });
      },
    });
  });

  /** Whether it begins by itself. */
  async function hasBegun(after: Promise<void>): Promise<boolean> {
    let isOver = false;
    void after.then(() => (isOver = true));
    await new Promise(setImmediate);
    return isOver;
  }

  it("waits for what is left alone", async () => {
    next.begins();
    expect(await hasBegun(next.after(true, 700))).to.equal(false);
    expect(slept).to.deep.equal([700]);
  });

  it("begins at once for what is added, during a round and after it", async () => {
    next.begins();
    next.added();
    expect(await hasBegun(next.after(true, Infinity))).to.equal(true);
    next.begins();
    const after = next.after(true, Infinity);
    expect(await hasBegun(after)).to.equal(false);
    next.added();
    expect(await hasBegun(after)).to.equal(true);
    expect(slept).to.deep.equal([Infinity]);
  });

  it("waits longer each time where the storage gives no answer, whatever is added", async () => {
    for (let each = 0; each < 10; each++) {
      next.begins();
      next.added();
      const after = next.after(false, 5);
      next.added();
      expect(await hasBegun(after)).to.equal(false);
      next.wake();
      await after;
    }
    const seconds = slept.map((ms) => ms / 1_000);
    expect(seconds).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  });

  it("begins at once for what was added during the round that has an answer again", async () => {
    next.begins();
    const after = next.after(false, Infinity);
    next.wake();
    await after;
    next.begins();
    next.added();
    expect(await hasBegun(next.after(true, Infinity))).to.equal(true);
  });

  it("begins at once for whoever wakes it, also during a round without an answer", async () => {
    next.begins();
    next.wake();
    expect(await hasBegun(next.after(false, Infinity))).to.equal(true);
    next.begins();
    expect(await hasBegun(next.after(false, Infinity))).to.equal(false);
    expect(slept).to.deep.equal([2_000]);
  });
});
