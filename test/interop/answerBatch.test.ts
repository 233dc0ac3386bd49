/** test/vectors/answer-batch, judged by the contract, and made by the gateway's own functions. */
import { expect } from "chai";
import { computeAddress } from "ethers";
import { abiFunction } from "../../src/abi/abiFunction.js";
import { digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { batchOf } from "../../src/ccip/answerBatch.js";
import { batchLeaf } from "../../src/ccip/batchSignature.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { recoverAnswer, signedAnswerOf } from "../../src/doctor/facts/signedAnswer.js";
import { addressFrom } from "../../src/ens/address.js";
import { SIGNED_RESOLVE } from "../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { judgingResolver } from "./judgingResolver.js";
import type { AnswerBatchExpected } from "./make/answerBatches.js";
import { gatewaySigner, secondSigner } from "./make/people.js";
import type { CcipAnswerInput } from "./make/signedAnswers.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<CcipAnswerInput, AnswerBatchExpected>("answer-batch");
const signedResolve = abiFunction<[], [Uint8Array, bigint, Uint8Array]>(SIGNED_RESOLVE);

describe("vectors: answer-batch", () => {
  const judge = judgingResolver(valid[0]!.input);

  it("is judged by the resolver, chain and time that the files name", async () => {
    const facts = await judge.facts();
    for (const { rule, input } of [...valid, ...invalid]) {
      expect(input, rule).to.deep.include(facts);
    }
  });

  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { result, isError, index } = expected;
      const returned = isError ? await judge.errorDataOf(input) : await judge.resultOf(input);
      expect(returned).to.equal(result);

      const target = addressFrom(fromHex(input.resolver));
      const request = fromHex(input.request);
      const answer = { result: fromHex(result), expiresSec: BigInt(expected.expires) };
      const digests = expected.batch.map(({ digest }) => digestFrom(fromHex(digest)));
      expect(answerDigest({ ...answer, target, request })).to.deep.equal(digests[index]);
      const salts = expected.batch.map(({ salt }) => fromHex(salt));
      expect(toHex(batchLeaf(digests[index]!, salts[index]!))).to.equal(expected.leaf);

      const batch = batchOf(digests, new Uint8Array(salts.flatMap((salt) => [...salt])));
      expect(toHex(batch.root)).to.equal(expected.root);
      expect(toHex(batch.pathOf(index))).to.equal(`0x${expected.path.map(digits).join("")}`);
      expect(toHex(batch.toSign)).to.equal(expected.signedDigest);

      const key = [gatewaySigner, secondSigner].find(
        (one) => computeAddress(one) === expected.signer,
      )!;
      const signature = await localGatewaySigner(fromHex(key.privateKey)).signDigest(batch.toSign);
      expect(toHex(signature)).to.equal(expected.signature);
      const field = batch.fieldOf(index, signature);
      const response = signedResolve.encodeOutput(answer.result, answer.expiresSec, field);
      expect(toHex(response)).to.equal(input.response);

      const read = signedAnswerOf(fromHex(input.response))!;
      expect(recoverAnswer(read, target, request)).to.deep.equal({
        signer: fromHex(expected.signer),
        fault: null,
      });
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      expect(await judge.refusalOf(input)).to.equal(error);
    });
  }
});

function digits(word: string): string {
  return word.slice(2);
}
