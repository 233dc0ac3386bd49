import { expect } from "chai";
import { noteOfFormer, refusalOfOlder } from "../../src/admin/publishPlan.js";

describe("admin/publishPlan", () => {
  it("tells a profile that was there before from one that was not, and from one of which nobody knows", () => {
    expect(refusalOfOlder("alice.eth", 7n)?.details).to.deep.equal({
      name: "alice.eth",
      blockNumber: "7",
    });
    expect(noteOfFormer(7n)).to.deep.equal([]);
    for (const former of [null, "unknown"] as const) {
      expect(refusalOfOlder("alice.eth", former)).to.equal(null);
    }
    expect(noteOfFormer(null)).to.deep.equal([]);
    expect(noteOfFormer("unknown").join()).to.match(/does not tell what was published before/);
  });
});
