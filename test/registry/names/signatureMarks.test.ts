import { expect } from "chai";
import {
  marksAfter,
  NO_MARKS,
  type SignatureMarks,
  type TakenSignature,
} from "../../../src/registry/names/signatureMarks.js";

const taken: TakenSignature = {
  action: "setRecords",
  wallet: `0x${"aa".repeat(20)}`,
  chainId: 5n,
  byContract: false,
  expirationSec: null,
  atMs: 1_000_999,
};
const marks = (changes: Partial<SignatureMarks> = {}) => ({ ...NO_MARKS, ...changes });

describe("registry/signatureMarks", () => {
  it("count every signature, and put later messages behind it", () => {
    const first = marksAfter(NO_MARKS, taken);
    expect(first).to.deep.equal(marks({ sequence: 1, writesAfterSec: 1_900 }));
    const second = marksAfter(first, { ...taken, expirationSec: 1_950 });
    expect(second).to.deep.equal(marks({ sequence: 2, writesAfterSec: 1_950 }));
    const third = marksAfter(second, taken);
    expect(third.writesAfterSec, "never goes back").to.equal(1_950);
  });

  it("remember each wallet that gave the name up, once, and for good", () => {
    const [one, other] = [taken.wallet, `0x${"bb".repeat(20)}`] as const;
    const moved = marksAfter(NO_MARKS, { ...taken, action: "move" });
    expect(moved.givenUpBy).to.deep.equal([one]);
    const again = marksAfter(moved, { ...taken, action: "delete" });
    expect(again.givenUpBy).to.deep.equal([one]);
    const claimed = marksAfter(again, { ...taken, action: "claim", wallet: other });
    expect(claimed.givenUpBy).to.deep.equal([one]);
    const deleted = marksAfter(claimed, { ...taken, action: "delete", wallet: other });
    expect(deleted.givenUpBy).to.deep.equal([one, other]);
  });

  it("tell a name that was moved to its owner, until that one signs", () => {
    const moved = marksAfter(NO_MARKS, { ...taken, action: "move" });
    expect(moved.isGift).to.equal(true);
    expect(marksAfter(moved, taken).isGift).to.equal(false);
  });

  const chains: [title: string, before: bigint | null, changes: Partial<TakenSignature>, number][] =
    [
      ["a key's signature leaves it", null, {}, -1],
      ["and where it was", 7n, {}, 7],
      ["a contract's sets it", null, { byContract: true }, 5],
      ["a move sets it for the new owner, whoever signed", 7n, { action: "move" }, 5],
      ["a deletion ends it", 7n, { action: "delete", byContract: true }, -1],
    ];
  for (const [title, ownerChain, changes, expected] of chains) {
    it(`the owner's chain: ${title}`, () => {
      const after = marksAfter(marks({ ownerChain }), { ...taken, ...changes });
      expect(after.ownerChain).to.equal(expected === -1 ? null : BigInt(expected));
    });
  }
});
