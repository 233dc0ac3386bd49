import { expect } from "chai";
import {
  type Contract,
  deploy,
  ethers,
  gatewaySigner,
  gatewaySignerAddress,
  read,
} from "./deployment.js";
import { type Answer, sign } from "./signedAnswer.js";

// The vector that other implementations of this digest agree on: text(node, "network.dm3.profile") of
// alice.example.eth is absent. Its request carries no chain id.
const NODE = "0x594292d13cb48cb4f2305946e57136f789bade16ef3ce8e878e5decde81b72f5";
const TARGET = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const DIGEST = "0x094ec44adaaf430da6fc2c12d85af7232ddff03713cb8fb672b98c2f36a6f2b7";
const SIGNATURE =
  "0xe92f0f771b15187bc55bee033718d1821a678d2b8c461db17129d08bdd196048" +
  "532ce3786dc375eacb4ce91d4e9e87f8d74a6c738fef13c41037a15ceb0638921b";
const calls = new ethers.Interface([
  "function resolve(bytes name, bytes data)",
  "function text(bytes32 node, string key)",
]);
const vector: Answer = {
  target: TARGET,
  expires: 1900000000n,
  request: calls.encodeFunctionData("resolve", [
    ethers.dnsEncode("alice.example.eth"),
    calls.encodeFunctionData("text", [NODE, "network.dm3.profile"]),
  ]),
  result: ethers.AbiCoder.defaultAbiCoder().encode(["string"], [""]),
};

describe("AnswerDigest", () => {
  let harness: Contract;
  before(async () => {
    harness = await deploy("AnswerDigestHarness");
  });

  async function compute(answer: Answer): Promise<string> {
    const { target, expires, request, result } = answer;
    return ((await read(harness, "compute", [[target, expires, request, result]])) as string[])[0]!;
  }

  it("is the digest of the ecosystem's vector", async () => {
    expect(await compute(vector)).to.equal(DIGEST);
  });

  it("is what the vector's key signed", () => {
    expect(sign(vector, gatewaySigner)).to.equal(SIGNATURE);
    expect(ethers.recoverAddress(DIGEST, SIGNATURE)).to.equal(gatewaySignerAddress);
    expect(gatewaySignerAddress).to.equal("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A");
  });

  const changed: Record<keyof Answer, Answer> = {
    target: { ...vector, target: "0x5fbdb2315678afecb367f032d93f642f64180aa2" },
    expires: { ...vector, expires: vector.expires + 1n },
    request: { ...vector, request: ethers.concat([vector.request, "0x00"]) },
    result: { ...vector, result: ethers.concat([vector.result, "0x00"]) },
  };
  for (const [field, answer] of Object.entries(changed)) {
    it(`changes with the ${field}`, async () => {
      expect(await compute(answer)).to.not.equal(DIGEST);
    });
  }
});
