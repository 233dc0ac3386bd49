/** test/vectors/ccip-answer, judged by the contract, and made by the gateway's own functions. */
import { expect } from "chai";
import { computeAddress } from "ethers";
import { abiFunction } from "../../src/abi/abiFunction.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { recoverAnswer, signedAnswerOf } from "../../src/doctor/facts/signedAnswer.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { SIGNED_RESOLVE } from "../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { type Contract, ethers, revertDataOf } from "../contracts/deployment.js";
import type { CcipAnswerExpected, CcipAnswerInput } from "./make/ccipAnswers.js";
import { deployer, gatewaySigner, secondSigner, SIGNERS } from "./make/people.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<CcipAnswerInput, CcipAnswerExpected>("ccip-answer");

/** What a gateway sends that has nothing unusual: result first, nothing behind the signature. */
const UNUSUAL_FORM = /signature-before-result|bytes-behind/;

const signedResolve = abiFunction<[], [Uint8Array, bigint, Uint8Array]>(SIGNED_RESOLVE);

describe("vectors: ccip-answer", () => {
  let resolver: Contract;
  let snapshot: string;

  before(async () => {
    // the time of the vectors is far ahead: afterwards the chain is as it was
    snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
    const [{ input }] = valid as [(typeof valid)[number]];
    const { address } = deployer;
    await ethers.provider.send("hardhat_setBalance", [address, `0x${(10n ** 20n).toString(16)}`]);
    const factory = await ethers.getContractFactory(
      "OffchainResolver",
      new ethers.Wallet(deployer.privateKey, ethers.provider),
    );
    resolver = await factory.deploy(
      address,
      input.signers,
      ["https://gateway.example/{sender}/{data}.json"],
      input.maxValiditySec,
    );
    await resolver.waitForDeployment();
    await ethers.provider.send("evm_setNextBlockTimestamp", [input.blockTimeSec]);
    await ethers.provider.send("evm_mine", []);
  });
  after(() => ethers.provider.send("evm_revert", [snapshot]));

  const callback = ({ response, request }: CcipAnswerInput) =>
    resolver.interface.encodeFunctionData("resolveWithProof", [response, request]);

  it("is judged by the resolver, chain and time that the files name", async () => {
    const { chainId } = await ethers.provider.getNetwork();
    const block = await ethers.provider.getBlock("latest");
    for (const { rule, input } of [...valid, ...invalid]) {
      expect(input, rule).to.deep.include({
        chainId: chainId.toString(),
        resolver: await resolver.getAddress(),
        signers: SIGNERS,
        maxValiditySec: Number(await resolver.getFunction("maxValiditySec").staticCall()),
        blockTimeSec: block!.timestamp,
      });
    }
  });

  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { result, isError } = expected;
      const returned: unknown = isError
        ? await revertDataOf(resolver, callback(input))
        : await resolver.getFunction("resolveWithProof").staticCall(input.response, input.request);
      expect(returned).to.equal(result);

      const target = addressFrom(fromHex(input.resolver));
      const request = fromHex(input.request);
      const answer = { result: fromHex(result), expiresSec: BigInt(expected.expires) };
      const digest = answerDigest({ ...answer, target, request });
      expect(toHex(digest))
        .to.equal(expected.digest)
        .and.equal(ethers.keccak256(expected.preimage));
      const read = signedAnswerOf(fromHex(input.response))!;
      expect(recoverAnswer(read, target, request)).to.deep.equal({
        signer: fromHex(expected.signer),
        fault: null,
      });

      const key = [gatewaySigner, secondSigner].find(
        (one) => computeAddress(one) === expected.signer,
      )!;
      const signer = localGatewaySigner(fromHex(key.privateKey));
      expect(checksumAddress(signer.address)).to.equal(expected.signer);
      const signature = await signer.signDigest(digest);
      expect(toHex(signature)).to.equal(expected.signature);
      if (UNUSUAL_FORM.test(rule)) return;
      const response = signedResolve.encodeOutput(answer.result, answer.expiresSec, signature);
      expect(toHex(response)).to.equal(input.response);
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      const errorData = await revertDataOf(resolver, callback(input));
      expect(resolver.interface.parseError(errorData)?.name ?? errorData).to.equal(error);
    });
  }
});
