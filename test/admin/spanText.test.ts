import { expect } from "chai";
import { spanText } from "../../src/admin/spanText.js";

describe("admin/spanText", () => {
  it("says a time in the unit that has few digits", () => {
    const said = [0, 1_400, 119_000, 120_000, 7_140_000, 7_200_000, 172_000_000, 172_800_000];
    expect(said.map(spanText)).to.deep.equal([
      ...["1 s", "1 s", "119 s", "2 min", "119 min", "2 h", "48 h", "2 days"],
    ]);
  });
});
