import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { doorkeeper } from "../../../src/gateway/memory/doorkeeper.js";

const randomNodes = (count: number) => Array.from({ length: count }, () => randomBytes(32));

describe("gateway/doorkeeper", () => {
  it("knows a name from the second time on", () => {
    const door = doorkeeper();
    const nodes = randomNodes(10_000);
    expect(nodes.filter((node) => door.knows(node)).length).to.be.below(100);
    expect(nodes.filter((node) => door.knows(node)).length).to.equal(10_000);
  });

  it("takes few names for known of a flood that asks for each once", () => {
    const door = doorkeeper();
    const flood = randomNodes(400_000);
    expect(flood.filter((node) => door.knows(node)).length).to.be.below(40_000);
  });

  it("knows what is asked for again and again, whatever passes by", () => {
    const door = doorkeeper();
    const popular = randomNodes(100);
    for (const node of popular) door.knows(node);
    for (let round = 0; round < 8; round++) {
      for (const node of randomNodes(50_000)) door.knows(node);
      expect(popular.filter((node) => !door.knows(node))).to.deep.equal([]);
    }
  });

  it("forgets those that a flood has passed since", () => {
    const door = doorkeeper();
    const nodes = randomNodes(100);
    for (const node of nodes) door.knows(node);
    for (const node of randomNodes(300_000)) door.knows(node);
    expect(nodes.filter((node) => door.knows(node)).length).to.be.below(30);
  });
});
