import { expect } from "chai";
import { Interface, makeError } from "ethers";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { revertReasonOf } from "../../src/chain/revertReason.js";

const ACCOUNT = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";

/** Errors of lookups (an answer that is refused, a function nobody handles), and of a library in cases that we never make. */
const NOT_FOR_ADMINS = [
  "UnexpectedSignedError",
  "MalformedRequest",
  "WrongChain",
  "MalformedResponse",
  "AnswerExpired",
  "ValidityTooLong",
  "InvalidSignature",
  "InvalidSignatureLength",
  "PathNotInBatch",
  "OffchainLookup",
  "FunctionNotSupported",
  "OperationHandledOffchain",
  "StringsInsufficientHexLength",
];

describe("chain/revertReason", () => {
  const reverted = (data: string) =>
    makeError("execution reverted", "CALL_EXCEPTION", {
      action: "call",
      data,
      reason: null,
      transaction: { to: ACCOUNT, data: "0x" },
      invocation: null,
      revert: null,
    });

  it("has none for a node that is busy: the contract was not asked", () => {
    const busy = makeError("missing revert data", "CALL_EXCEPTION", {
      action: "estimateGas",
      data: null,
      reason: null,
      transaction: { to: ACCOUNT, data: "0x" },
      invocation: null,
      revert: null,
      info: { error: { code: -32005, message: "limit exceeded" } },
    });
    expect(revertReasonOf(busy)).to.equal(null);
  });

  it("has a sentence for each typed error of the resolver that an admin can meet", async () => {
    const contract = Interface.from((await ownArtifact("OffchainResolver")).abi);
    const errors = contract.fragments
      .filter((fragment) => fragment.type === "error")
      .map((fragment) => contract.getError(fragment.format("sighash").replace(/^error /, ""))!)
      .filter(({ name }) => !NOT_FOR_ADMINS.includes(name));
    expect(errors.length).to.be.above(10);
    for (const error of errors) {
      const values = error.inputs.map(({ type }) => {
        if (type === "address") return ACCOUNT;
        return type === "string" ? "https://a.example" : 7n;
      });
      const reason = revertReasonOf(reverted(contract.encodeErrorResult(error, values)));
      expect(reason?.error, error.name).to.equal(error.name);
      expect(reason?.sentence).to.match(/^[A-Z0-9].*\.$/);
    }
  });

  it("has a sentence for what ENSv2's registries and the NameWrapper refuse", () => {
    const contract = new Interface([
      "error EACUnauthorizedAccountRoles(uint256 resource, uint256 roleBitmap, address account)",
      "error LabelExpired(uint256 tokenId)",
      "error Unauthorised(bytes32 node, address addr)",
    ]);
    const said: [string, unknown[], RegExp][] = [
      ["EACUnauthorizedAccountRoles", [7n, 1n << 24n, ACCOUNT], /ENSv2 registry .* 0x19E7/],
      ["LabelExpired", [7n], /has expired in ENSv2/],
      ["Unauthorised", [`0x${"11".repeat(32)}`, ACCOUNT], /NameWrapper does not let 0x19E7/],
    ];
    for (const [error, values, sentence] of said) {
      const reason = revertReasonOf(reverted(contract.encodeErrorResult(error, values)));
      expect(reason?.error).to.equal(error);
      expect(reason?.sentence).to.match(sentence);
    }
  });

  it("passes a contract's own words on, and says when there are none", () => {
    const contract = new Interface([
      "error Error(string)",
      "error Panic(uint256)",
      "error Odd(uint8)",
    ]);
    const sentence = (error: string, ...values: unknown[]) =>
      revertReasonOf(reverted(contract.encodeErrorResult(error, values)))?.sentence;
    expect(sentence("Error", "not today")).to.equal("The contract says: not today");
    expect(sentence("Panic", 17n)).to.match(/panic code 17/);
    expect(sentence("Odd", 1)).to.match(/an error that we do not know: 0x/);
    expect(revertReasonOf(reverted("0x"))?.sentence).to.match(/refuses without a reason/);
    expect(revertReasonOf(reverted("0x08c379a0ff"))?.sentence).to.match(/do not know/);
    const noUtf8 = contract.encodeErrorResult("Error", ["~~~~"]).replace("7e7e7e7e", "fffefffe");
    expect(revertReasonOf(reverted(noUtf8))?.sentence).to.match(/do not know/);
  });

  it("is null for what is no revert", () => {
    expect(revertReasonOf(new Error("boom"))).to.equal(null);
    expect(revertReasonOf(makeError("late", "TIMEOUT", { operation: "x", reason: "y" }))).to.equal(
      null,
    );
  });
});
