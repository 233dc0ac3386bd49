import { expect } from "chai";
import { holdings } from "../../src/gateway/holdings.js";

describe("gateway/holdings", () => {
  it("knows what each holds and what is free, whatever is taken and given back", () => {
    const held = holdings(10);
    held.take("a", 3);
    held.take("a", 1);
    held.take("b", 2);
    expect([held.heldBy("a"), held.heldBy("b"), held.heldBy("c"), held.free]).to.deep.equal([
      4, 2, 0, 4,
    ]);
    held.giveBack("a", 1);
    held.giveBack("b", 2);
    expect([held.heldBy("a"), held.heldBy("b"), held.free]).to.deep.equal([3, 0, 7]);
  });
});
