import { expect } from "chai";
import {
  type AcceptedSignature,
  NEVER_SIGNED,
  type SignatureState,
  signatureStateAfter,
} from "../../../src/registry/names/signatureState.js";

const accepted: AcceptedSignature = {
  action: "setRecords",
  wallet: `0x${"aa".repeat(20)}`,
  chainId: 5n,
  byContract: false,
  expirationSec: null,
  atMs: 1_000_999,
};
const signatureState = (changes: Partial<SignatureState> = {}) => ({ ...NEVER_SIGNED, ...changes });

describe("registry/signatureState", () => {
  it("counts every signature, and puts later messages behind it", () => {
    const first = signatureStateAfter(NEVER_SIGNED, accepted);
    expect(first).to.deep.equal(signatureState({ sequence: 1, writesAfterSec: 1_900 }));
    const second = signatureStateAfter(first, { ...accepted, expirationSec: 1_950 });
    expect(second).to.deep.equal(signatureState({ sequence: 2, writesAfterSec: 1_950 }));
    const third = signatureStateAfter(second, accepted);
    expect(third.writesAfterSec, "never goes back").to.equal(1_950);
  });

  it("remembers each wallet that gave the name up, once, and for good", () => {
    const [one, other] = [accepted.wallet, `0x${"bb".repeat(20)}`] as const;
    const moved = signatureStateAfter(NEVER_SIGNED, { ...accepted, action: "move" });
    expect(moved.givenUpBy).to.deep.equal([one]);
    const again = signatureStateAfter(moved, { ...accepted, action: "delete" });
    expect(again.givenUpBy).to.deep.equal([one]);
    const claimed = signatureStateAfter(again, { ...accepted, action: "claim", wallet: other });
    expect(claimed.givenUpBy).to.deep.equal([one]);
    const deleted = signatureStateAfter(claimed, { ...accepted, action: "delete", wallet: other });
    expect(deleted.givenUpBy).to.deep.equal([one, other]);
  });

  it("tells a name that was moved to its owner, until that one signs", () => {
    const moved = signatureStateAfter(NEVER_SIGNED, { ...accepted, action: "move" });
    expect(moved.isGift).to.equal(true);
    expect(signatureStateAfter(moved, accepted).isGift).to.equal(false);
  });

  const chains: [
    title: string,
    before: bigint | null,
    changes: Partial<AcceptedSignature>,
    number,
  ][] = [
    ["a key's signature leaves it", null, {}, -1],
    ["and where it was", 7n, {}, 7],
    ["a contract's sets it", null, { byContract: true }, 5],
    ["a move sets it for the new owner, whoever signed", 7n, { action: "move" }, 5],
    ["a deletion ends it", 7n, { action: "delete", byContract: true }, -1],
  ];
  for (const [title, ownerChain, changes, expected] of chains) {
    it(`the owner's chain: ${title}`, () => {
      const after = signatureStateAfter(signatureState({ ownerChain }), {
        ...accepted,
        ...changes,
      });
      expect(after.ownerChain).to.equal(expected === -1 ? null : BigInt(expected));
    });
  }
});
