import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { doorkeeper } from "../../src/gateway/doorkeeper.js";

describe("gateway/doorkeeper", () => {
  it("knows a name from the second time on, and mixes up no two", () => {
    const door = doorkeeper();
    const nodes = Array.from({ length: 1000 }, () => randomBytes(32));
    for (const node of nodes) expect(door.knows(node)).to.equal(false);
    // a few fell into one slot, and the later one stands there
    expect(nodes.filter((node) => door.knows(node)).length).to.be.above(950);
  });

  it("forgets those that a flood has overwritten", () => {
    const door = doorkeeper();
    const node = randomBytes(32);
    door.knows(node);
    for (let index = 0; index < 1_000_000; index++) {
      const other = Uint8Array.from(node);
      new DataView(other.buffer).setUint32(0, index);
      new DataView(other.buffer).setUint32(4, index);
      door.knows(other);
    }
    expect(door.knows(node)).to.equal(false);
  });
});
