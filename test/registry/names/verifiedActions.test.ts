import { expect } from "chai";
import { moveAction } from "../../../src/registry/names/verifiedActions.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";

describe("registry/verifiedActions", () => {
  it("moves a name to any wallet but the one that nobody owns", () => {
    for (const at of [0, 10, 19]) {
      const to = bytes(20, 0);
      to[at] = 1;
      expect(moveAction(to)).to.deep.equal({ kind: "move", to });
    }
    const refused = () => moveAction(bytes(20, 0));
    expectError(refused, "INVALID_REQUEST", /cannot move to 0x0000.*Delete the name instead/);
  });
});
