import { expect } from "chai";
import { inRandomOrder } from "../../src/signer/inRandomOrder.js";

describe("signer/inRandomOrder", () => {
  it("keeps each item once, and puts it anywhere", () => {
    const items = Array.from({ length: 8 }, (_, index) => index);
    const firsts = new Set<number>();
    for (let round = 0; round < 500; round++) {
      const ordered = inRandomOrder(items);
      expect([...ordered].sort((one, other) => one - other)).to.deep.equal(items);
      firsts.add(ordered[0] ?? -1);
    }
    // that one of eight is never first in 500 rounds: 8 * (7/8)^500, which is 10^-28
    expect(firsts.size).to.equal(8);
    expect(inRandomOrder([])).to.deep.equal([]);
    expect(inRandomOrder(["one"])).to.deep.equal(["one"]);
  });
});
