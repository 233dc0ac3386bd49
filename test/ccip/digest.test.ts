import { expect } from "chai";
import { recoverAddress } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { answerDigest, type AnswerDigestInput } from "../../src/ccip/digest.js";
import { addressFrom } from "../../src/ens/address.js";
import { encodeDnsName } from "../../src/ens/dnsName.js";
import { namehash } from "../../src/ens/namehash.js";
import { resolve, text } from "../../src/ens/resolverFunctions.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";

/** The published vector: key 0x11 * 32, alice.example.eth's absent profile. */
const VECTOR = {
  signer: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A",
  node: "0x594292d13cb48cb4f2305946e57136f789bade16ef3ce8e878e5decde81b72f5",
  digest: "0x094ec44adaaf430da6fc2c12d85af7232ddff03713cb8fb672b98c2f36a6f2b7",
  signature:
    "0xe92f0f771b15187bc55bee033718d1821a678d2b8c461db17129d08bdd196048532ce3786dc375eacb4ce91d4e9e87f8d74a6c738fef13c41037a15ceb0638921b",
};
const NAME = "alice.example.eth";
const node = namehash(NAME);
const INPUT: AnswerDigestInput = {
  target: addressFrom(fromHex("0x5FbDB2315678afecb367f032d93F642f64180aa3")),
  expiresSec: 1900000000n,
  request: resolve.encodeInput(encodeDnsName(NAME), text.encodeInput(node, "network.dm3.profile")),
  result: text.encodeOutput(""),
};

describe("ccip/digest", () => {
  it("is the published vector's, and so is the signature over it", async () => {
    expect(toHex(node)).to.equal(VECTOR.node);
    const digest = answerDigest(INPUT);
    expect(toHex(digest)).to.equal(VECTOR.digest);
    const signer = localGatewaySigner(fromHex(`0x${"11".repeat(32)}`));
    expect(toHex(signer.address)).to.equal(VECTOR.signer.toLowerCase());
    const signature = toHex(await signer.signDigest(digest));
    expect(signature).to.equal(VECTOR.signature);
    expect(recoverAddress(toHex(digest), signature)).to.equal(VECTOR.signer);
  });

  it("changes with every field", () => {
    const flip = (bytes: Uint8Array): Uint8Array => {
      const flipped = bytes.slice();
      flipped[flipped.length - 1]! ^= 1;
      return flipped;
    };
    const changed: AnswerDigestInput[] = [
      { ...INPUT, target: addressFrom(flip(INPUT.target)) },
      { ...INPUT, expiresSec: INPUT.expiresSec + 1n },
      { ...INPUT, request: flip(INPUT.request) },
      { ...INPUT, result: flip(INPUT.result) },
    ];
    const digests = [INPUT, ...changed].map((input) => toHex(answerDigest(input)));
    expect(new Set(digests).size).to.equal(digests.length);
  });
});
