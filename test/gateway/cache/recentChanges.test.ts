import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
import { type RecentChanges, recentChanges } from "../../../src/gateway/cache/recentChanges.js";

const [ALICE, BOB] = [namehash("alice.eth"), namehash("bob.eth")];

describe("gateway/recentChanges", () => {
  let nowMs: number;
  let changes: RecentChanges;

  beforeEach(() => {
    nowMs = 5000;
    changes = recentChanges(1000, () => nowMs);
  });

  it("tells a change from what was read in the same millisecond or before, and from nothing later", () => {
    expect(changes.changedSince(ALICE, 0)).to.equal(false);
    changes.note(ALICE);
    expect(changes.changedSince(ALICE, 4999)).to.equal(true);
    expect(changes.changedSince(ALICE, 5000)).to.equal(true);
    expect(changes.changedSince(ALICE, 5001)).to.equal(false);
    expect(changes.changedSince(BOB, 0)).to.equal(false);
  });

  it("remembers the last of several changes of a name", () => {
    changes.note(ALICE);
    nowMs += 10;
    changes.note(ALICE);
    expect(changes.changedSince(ALICE, 5010)).to.equal(true);
  });

  it("remembers for as long as it was told to, whatever is changed meanwhile, and not longer", () => {
    changes.note(ALICE);
    nowMs += 500;
    changes.note(BOB);
    nowMs += 500;
    changes.note(BOB);
    expect(changes.changedSince(ALICE, 5000)).to.equal(true);
    nowMs += 1;
    changes.note(BOB);
    expect(changes.changedSince(ALICE, 5000)).to.equal(false);
    expect(changes.changedSince(BOB, 6001)).to.equal(true);
  });

  it("counts the time of a name that is changed again from its last change", () => {
    changes.note(ALICE);
    nowMs += 500;
    changes.note(BOB);
    nowMs += 200;
    changes.note(ALICE);
    nowMs += 800;
    changes.note(namehash("carol.eth"));
    // it was first noted before bob, and is forgotten after him
    expect(changes.changedSince(BOB, 5500)).to.equal(true);
    nowMs += 1;
    changes.note(namehash("carol.eth"));
    expect(changes.changedSince(BOB, 5500)).to.equal(false);
    expect(changes.changedSince(ALICE, 5700)).to.equal(true);
  });
});
