import { expect } from "chai";
import { fromHex } from "../../src/abi/hex.js";
import { explainRevert, saysUnsupported } from "../../src/lookup/resolverErrors.js";
import type { CheckName } from "../../src/sdk/node.js";
import { ethers } from "../contracts/deployment.js";

const address = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";

/** Type of the error, its arguments, the check that it is about, what is said of it. */
const ERRORS: readonly (readonly [string, unknown[], CheckName, RegExp])[] = [
  ["UnknownSigner(address)", [address], "gateway-signature", /signed by 0x19E7E376E7C213B7/],
  ["InvalidSignature()", [], "gateway-signature", /malformed/],
  ["InvalidSignatureLength(uint256)", [145], "gateway-signature", /145 bytes/],
  [
    "PathNotInBatch(bytes32,bytes32)",
    [`0x${"11".repeat(32)}`, `0x${"22".repeat(32)}`],
    "gateway-signature",
    /not in the batch that its gateway signed/,
  ],
  ["ECDSAInvalidSignature()", [], "gateway-signature", /malformed/],
  ["ECDSAInvalidSignatureLength(uint256)", [64], "gateway-signature", /64 bytes/],
  ["ECDSAInvalidSignatureS(bytes32)", [`0x${"ff".repeat(32)}`], "gateway-signature", /malleable/],
  [
    "AnswerExpired(uint64,uint256)",
    [0, 60],
    "answer-expiry",
    /at 1970-01-01T00:00:00.000Z, .*01:00/,
  ],
  ["ValidityTooLong(uint64,uint256)", [90, 60], "answer-expiry", /1970-01-01T00:01:30.000Z, later/],
  ["AnswerExpired(uint64,uint256)", [1, 2n ** 255n], "answer-expiry", /time is second 578/],
  ["WrongChain(uint256,uint256)", [1, 10], "answer-chain", /for chain 10 instead of 1/],
  ["MalformedResponse()", [], "ccip-callback", /not in the resolver's format/],
  [
    "UnexpectedSignedError(bytes4)",
    ["0x556f1830"],
    "ccip-callback",
    /error 0x556f1830, .* not pass/,
  ],
  ["Panic(uint256)", [0x11], "ccip-callback", /panicked \(code 17\)/],
  ["Error(string)", ["no\nway\u202e"], "ccip-callback", /^no way$/],
  ["Error(string)", ["SignatureVerifier: Signature expired"], "answer-expiry", /expired$/],
  ["Error(string)", ["SignatureVerifier: Invalid sigature"], "gateway-signature", /sigature$/],
];

function encode(signature: string, values: unknown[]): Uint8Array {
  return fromHex(new ethers.Interface([`error ${signature}`]).encodeErrorResult(signature, values));
}

describe("resolverErrors", () => {
  for (const [signature, values, check, reason] of ERRORS) {
    it(`explains ${signature} ${values.map((value) => JSON.stringify(String(value))).join(", ")}`, () => {
      const explained = explainRevert(encode(signature, values));
      expect(explained.check).to.equal(check);
      expect(explained.reason).to.match(reason);
    });
  }

  it("shows the selector of an error that it does not know", () => {
    const { check, reason } = explainRevert(encode("Whatever(uint256)", [1]));
    expect(check).to.equal("ccip-callback");
    expect(reason).to.match(/^it reverts with 0x[0-9a-f]{8}$/);
  });

  it("says that there is no reason, or a malformed one", () => {
    expect(explainRevert(new Uint8Array()).reason).to.equal("it gives no reason");
    const cut = encode("UnknownSigner(address)", [address]).subarray(0, 20);
    expect(explainRevert(cut).reason).to.match(/malformed 0x/);
  });

  it("knows UnsupportedResolverProfile, and no other error, for an absent record", () => {
    const unsupported = encode("UnsupportedResolverProfile(bytes4)", ["0x59d1d43c"]);
    expect(saysUnsupported(unsupported)).to.equal(true);
    expect(saysUnsupported(encode("InvalidSignature()", []))).to.equal(false);
    expect(saysUnsupported(new Uint8Array())).to.equal(false);
  });
});
