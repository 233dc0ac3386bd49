import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { nodeFrom } from "../../../src/ens/namehash.js";
import { createDoorkeeper } from "../../../src/gateway/cache/doorkeeper.js";

const randomNodes = (count: number) =>
  Array.from({ length: count }, () => nodeFrom(randomBytes(32)));

describe("gateway/doorkeeper", () => {
  it("admits a name from the second time on", () => {
    const doorkeeper = createDoorkeeper();
    const nodes = randomNodes(10_000);
    expect(nodes.filter((node) => doorkeeper.admits(node)).length).to.be.below(100);
    expect(nodes.filter((node) => doorkeeper.admits(node)).length).to.equal(10_000);
  });

  it("admits few names of a flood that asks for each once", () => {
    const doorkeeper = createDoorkeeper();
    const flood = randomNodes(400_000);
    expect(flood.filter((node) => doorkeeper.admits(node)).length).to.be.below(40_000);
  });

  it("admits what is asked for again and again, whatever passes by", () => {
    const doorkeeper = createDoorkeeper();
    const popular = randomNodes(100);
    for (const node of popular) doorkeeper.admits(node);
    for (let round = 0; round < 8; round++) {
      for (const node of randomNodes(50_000)) doorkeeper.admits(node);
      expect(popular.filter((node) => !doorkeeper.admits(node))).to.deep.equal([]);
    }
  });

  it("forgets those that a flood has passed since", () => {
    const doorkeeper = createDoorkeeper();
    const nodes = randomNodes(100);
    for (const node of nodes) doorkeeper.admits(node);
    for (const node of randomNodes(300_000)) doorkeeper.admits(node);
    expect(nodes.filter((node) => doorkeeper.admits(node)).length).to.be.below(30);
  });
});
