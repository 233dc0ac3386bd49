import { expect } from "chai";
import {
  type Finding,
  type NodeStanding,
  type NodeState,
  standingAfter,
} from "../../src/nodes/nodeState.js";

const finding = (state: NodeState): Finding => ({
  state,
  reason: state === "works" ? null : `is ${state}`,
});

/** The states after each of these checks, a second apart, with the second since when. */
function states(...checks: NodeState[]): string[] {
  let standing: NodeStanding | null = null;
  return checks.map((state, index) => {
    standing = standingAfter(standing, finding(state), index * 1000);
    return `${standing.state} ${standing.sinceMs / 1000}`;
  });
}

describe("nodes/nodeState", () => {
  it("is what the first check finds", () => {
    for (const state of ["works", "unreachable", "wrong", "unproven"] as const) {
      expect(states(state)).to.deep.equal([`${state} 0`]);
    }
  });

  it("is bad at once, and works again after two good checks in a row", () => {
    expect(states("works", "works", "unreachable", "unreachable", "works", "works")).to.deep.equal([
      ...["works 0", "works 0", "unreachable 2", "unreachable 2", "unreachable 2", "works 5"],
    ]);
  });

  it("never works while it flaps", () => {
    const seen = states("unreachable", "works", "unreachable", "works", "wrong", "works", "wrong");
    expect(seen).to.deep.equal([
      ...["unreachable 0", "unreachable 0", "unreachable 0", "unreachable 0"],
      ...["wrong 4", "wrong 4", "wrong 4"],
    ]);
  });

  it("tells the reason of the check that its state is from, and none where it works", () => {
    const bad = standingAfter(null, finding("wrong"), 0);
    expect(bad.reason).to.equal("is wrong");
    const once = standingAfter(bad, finding("works"), 1);
    expect(once).to.deep.equal({ ...bad, goodChecks: 1 });
    expect(standingAfter(once, finding("works"), 2).reason).to.equal(null);
  });
});
