/** contracts/AnswerDigest.sol and src/ccip/digest.ts are twins: they give the same digest for any answer. */
import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { answerDigest, type AnswerDigestInput } from "../../src/ccip/digest.js";
import { addressFrom } from "../../src/ens/address.js";
import { deploy, read } from "../contracts/deployment.js";

const BATCHES = 20;
const ANSWERS_PER_BATCH = 200;

const answers: fc.Arbitrary<AnswerDigestInput> = fc.record({
  target: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(addressFrom),
  expiresSec: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  request: fc.uint8Array({ maxLength: 300 }),
  result: fc.uint8Array({ maxLength: 300 }),
});

describe("The digest in TypeScript and in Solidity", () => {
  it(`is the same for ${(BATCHES * ANSWERS_PER_BATCH).toString()} answers`, async function () {
    this.timeout(180_000);
    const harness = await deploy("AnswerDigestHarness");
    const batches = fc.array(answers, {
      minLength: ANSWERS_PER_BATCH,
      maxLength: ANSWERS_PER_BATCH,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const inSolidity = await read(
          harness,
          "compute",
          batch.map(({ target, expiresSec, request, result }) => [
            toHex(target),
            expiresSec,
            request,
            result,
          ]),
        );
        expect(inSolidity).to.deep.equal(batch.map((answer) => toHex(answerDigest(answer))));
      }),
      { seed: 0x5191705, numRuns: BATCHES, endOnFailure: true },
    );
  });
});
