/** contracts/AnswerBatch.sol and src/ccip/batchSignature.ts are twins: they accept and refuse the same, for the same reason. */
import { expect } from "chai";
import fc from "fast-check";
import { type Digest, digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { batchOf } from "../../src/ccip/answerBatch.js";
import { batchSignatureIn, signedDigestIn } from "../../src/ccip/batchSignature.js";
import { type Contract, deploy, ethers, read } from "../contracts/deployment.js";
import { treeOf } from "../interop/make/batchByEthers.js";

const CALLS = 60;
const BATCHES_PER_CALL = 50;
const SEED = 0x5191706;

interface Proof {
  readonly digest: Digest;
  readonly field: Uint8Array;
}

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** A batch, one of its answers, and bytes to make faults of. */
const batches = fc.integer({ min: 2, max: 40 }).chain((count) =>
  fc.record({
    digests: fc.array(bytesOf(32).map(digestFrom), { minLength: count, maxLength: count }),
    salts: bytesOf(16 * count),
    index: fc.nat({ max: count - 1 }),
    signature: bytesOf(65),
    other: bytesOf(32).map(digestFrom),
    at: fc.nat(),
    bit: fc.integer({ min: 0, max: 7 }),
    length: fc.nat({ max: 560 }),
  }),
);
type Sample = typeof batches extends fc.Arbitrary<infer T> ? T : never;

/** What may be sent for one answer: the honest field, and faults of each kind. */
function proofsOf(sample: Sample): Proof[] {
  const { digests, salts, index, signature, other, at, bit, length } = sample;
  const digest = digests[index]!;
  const field = batchOf(digests, salts).fieldOf(index, signature);
  const flipped = field.slice();
  flipped[at % field.length]! ^= 1 << bit;
  const resized = new Uint8Array(length);
  resized.set(field.subarray(0, length));
  const { path } = batchSignatureIn(field)!;
  const node = digestFrom(path.subarray(0, 32));
  const withoutLevel = new Uint8Array([...field.subarray(0, 113), ...path.subarray(32)]);
  const withLevel = new Uint8Array([...field, ...other]);
  const upsideDown = field.slice();
  for (let level = 0; level < path.length; level += 32) {
    upsideDown.set(path.subarray(level, level + 32), 113 + path.length - 32 - level);
  }
  return [
    { digest, field },
    { digest, field: signature },
    { digest: other, field },
    { digest: digests[(index + 1) % digests.length]!, field },
    { digest: node, field },
    { digest: node, field: withoutLevel },
    ...[flipped, resized, withoutLevel, withLevel, upsideDown].map((bent) => ({
      digest,
      field: bent,
    })),
  ];
}

describe("Batches of answers in TypeScript and in Solidity", () => {
  let harness: Contract;
  let refusals: Record<string, string>;
  before(async () => {
    harness = await deploy("AnswerBatchHarness");
    const selectorOf = (error: string) => ethers.id(error).slice(0, 10);
    refusals = {
      [selectorOf("InvalidSignatureLength(uint256)")]: "length",
      [selectorOf("PathNotInBatch(bytes32,bytes32)")]: "path",
    };
  });

  async function inSolidity(proofs: readonly Proof[]): Promise<unknown[]> {
    const verdicts = (await read(
      harness,
      "judge",
      proofs.map(({ digest, field }) => [digest, field]),
    )) as [signed: string, signature: string, refusal: string][];
    return verdicts.map(([digest, signature, refusal]) =>
      refusal === "0x00000000"
        ? { fault: null, digest, signature }
        : { fault: refusals[refusal] ?? refusal },
    );
  }

  function inTypeScript({ digest, field }: Proof): unknown {
    const signed = signedDigestIn(field, digest);
    return signed.fault === null
      ? { fault: null, digest: toHex(signed.digest), signature: toHex(signed.signature) }
      : signed;
  }

  it(`are judged alike: ${(CALLS * BATCHES_PER_CALL).toString()} batches, honest and with 10 faults`, async function () {
    this.timeout(900_000);
    const seen: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(
        fc.array(batches, { minLength: BATCHES_PER_CALL, maxLength: BATCHES_PER_CALL }),
        async (samples) => {
          const proofs = samples.flatMap(proofsOf);
          const verdicts = proofs.map(inTypeScript);
          expect(await inSolidity(proofs)).to.deep.equal(verdicts);
          for (const { fault } of verdicts as { fault: string | null }[]) {
            seen[fault ?? "none"] = (seen[fault ?? "none"] ?? 0) + 1;
          }
        },
      ),
      { seed: SEED, numRuns: CALLS, endOnFailure: true },
    );
    // the honest and the single one of each batch at least, and faults of both kinds
    expect(seen["none"]).to.be.greaterThan(2 * CALLS * BATCHES_PER_CALL - 1);
    expect(seen["path"]).to.be.greaterThan(5 * CALLS * BATCHES_PER_CALL);
    expect(seen["length"]).to.be.greaterThan(CALLS);
  });

  it("are built as ethers builds them, and the contract opens the longest path", async () => {
    for (const count of [2, 3, 5, 31, 33, 1000, 4096]) {
      const [sample] = fc.sample(
        fc.record({
          digests: fc.array(bytesOf(32).map(digestFrom), { minLength: count, maxLength: count }),
          salts: bytesOf(16 * count),
        }),
        { seed: SEED + count, numRuns: 1 },
      );
      const { digests, salts } = sample!;
      const batch = batchOf(digests, salts);
      const { root, paths } = treeOf(
        digests.map((digest, index) => ({
          digest: toHex(digest),
          salt: toHex(salts.subarray(16 * index, 16 * index + 16)),
        })),
      );
      expect(toHex(batch.root), count.toString()).to.equal(root);
      const signature = fromHex(`0x${"1c".repeat(65)}`);
      const proofs: Proof[] = [];
      for (const index of [0, 1, count >> 1, count - 2, count - 1]) {
        expect(toHex(batch.pathOf(index))).to.equal(ethers.concat(paths[index]!));
        proofs.push({ digest: digests[index]!, field: batch.fieldOf(index, signature) });
      }
      const accepted = { fault: null, digest: toHex(batch.toSign), signature: toHex(signature) };
      expect(await inSolidity(proofs)).to.deep.equal(proofs.map(() => accepted));
    }
  });
});
