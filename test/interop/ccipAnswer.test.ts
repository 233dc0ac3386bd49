/** test/vectors/ccip-answer, judged by the contract, and made by the gateway's own functions. */
import { expect } from "chai";
import { computeAddress, keccak256 } from "ethers";
import { abiFunction } from "../../src/abi/abiFunction.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { recoverAnswer, signedAnswerOf } from "../../src/doctor/facts/signedAnswer.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { SIGNED_RESOLVE } from "../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { judgingResolver } from "./judgingResolver.js";
import type { CcipAnswerExpected } from "./make/ccipAnswers.js";
import { gatewaySigner, secondSigner } from "./make/people.js";
import type { CcipAnswerInput } from "./make/signedAnswers.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<CcipAnswerInput, CcipAnswerExpected>("ccip-answer");

/** What a gateway sends that has nothing unusual: result first, nothing behind the signature. */
const UNUSUAL_FORM = /signature-before-result|bytes-behind/;

const signedResolve = abiFunction<[], [Uint8Array, bigint, Uint8Array]>(SIGNED_RESOLVE);

describe("vectors: ccip-answer", () => {
  const judge = judgingResolver(valid[0]!.input);

  it("is judged by the resolver, chain and time that the files name", async () => {
    const facts = await judge.facts();
    for (const { rule, input } of [...valid, ...invalid]) {
      expect(input, rule).to.deep.include(facts);
    }
  });

  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { result, isError } = expected;
      const returned = isError ? await judge.errorDataOf(input) : await judge.resultOf(input);
      expect(returned).to.equal(result);

      const target = addressFrom(fromHex(input.resolver));
      const request = fromHex(input.request);
      const answer = { result: fromHex(result), expiresSec: BigInt(expected.expires) };
      const digest = answerDigest({ ...answer, target, request });
      expect(toHex(digest)).to.equal(expected.digest).and.equal(keccak256(expected.preimage));
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
      expect(await judge.refusalOf(input)).to.equal(error);
    });
  }
});
