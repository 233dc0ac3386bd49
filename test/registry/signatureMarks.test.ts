import { expect } from "chai";
import {
  NO_MARKS,
  type SignatureMarks,
  type TakenSignature,
  marksAfter,
} from "../../src/registry/signatureMarks.js";

const taken: TakenSignature = {
  operation: "setRecords",
  chainId: 5n,
  byContract: false,
  expirationSec: null,
  atMs: 1_000_999,
};
const marks = (changes: Partial<SignatureMarks> = {}) => ({ ...NO_MARKS, ...changes });

describe("registry/signatureMarks", () => {
  it("count every signature, and put later messages behind it", () => {
    const first = marksAfter(NO_MARKS, taken);
    expect(first).to.deep.equal({ sequence: 1, writesAfterSec: 1_900, ownerChain: null });
    const second = marksAfter(first, { ...taken, expirationSec: 1_950 });
    expect(second).to.deep.equal({ sequence: 2, writesAfterSec: 1_950, ownerChain: null });
    const third = marksAfter(second, taken);
    expect(third.writesAfterSec, "never goes back").to.equal(1_950);
  });

  const chains: [title: string, before: bigint | null, changes: Partial<TakenSignature>, number][] =
    [
      ["a key's signature leaves it", null, {}, -1],
      ["and where it was", 7n, {}, 7],
      ["a contract's sets it", null, { byContract: true }, 5],
      ["a move sets it for the new owner, whoever signed", 7n, { operation: "move" }, 5],
      ["a deletion ends it", 7n, { operation: "delete", byContract: true }, -1],
    ];
  for (const [title, ownerChain, changes, expected] of chains) {
    it(`the owner's chain: ${title}`, () => {
      const after = marksAfter(marks({ ownerChain }), { ...taken, ...changes });
      expect(after.ownerChain).to.equal(expected === -1 ? null : BigInt(expected));
    });
  }
});
