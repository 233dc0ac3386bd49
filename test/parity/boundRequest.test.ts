/**
 * contracts/BoundRequest.sol and src/ccip/chainBinding.ts are twins. If the contract took a request for one of
 * its chain in which the gateway sees another chain, or none, answers could be replayed across chains.
 */
import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { numberWord, paddedLength, WORD } from "../../src/abi/word.js";
import { boundChainId } from "../../src/ccip/chainBinding.js";
import { resolve } from "../../src/ens/resolverFunctions.js";
import { isSignpostError } from "../../src/errors.js";
import { type Contract, deploy, read } from "../contracts/deployment.js";

const RUNS = 20;
const REQUESTS_PER_RUN = 200;
const SEED = 0x5191705;
const SELECTOR_LENGTH = 4;

const chainIds = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.constantFrom(0n, 1n, 31337n, 2n ** 64n, 2n ** 255n),
);

/** As our contract makes them. */
const made = fc
  .tuple(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 80 }), chainIds)
  .map(([name, data, chainId]) => [...resolve.encodeInput(name, data), ...numberWord(chainId)]);

/** Of the right total length, but with the arguments anywhere: odd offsets, overlaps, in the head, in the chain id. */
const laidOut = fc
  .record({
    filling: fc.uint8Array({ minLength: 1, maxLength: 60 }),
    offsets: fc.tuple(fc.nat({ max: 260 }), fc.nat({ max: 260 })),
    lengths: fc.tuple(fc.nat({ max: 70 }), fc.nat({ max: 70 })),
    isSparse: fc.boolean(),
    excess: fc.constantFrom(0, 0, 0, 0, -1, 1, WORD, -WORD),
  })
  .map(({ filling, offsets, lengths, isSparse, excess }) => {
    const size = 5 * WORD + paddedLength(lengths[0]) + paddedLength(lengths[1]) + excess;
    const body = new Uint8Array(size);
    if (!isSparse) body.forEach((_, at) => (body[at] = filling[at % filling.length]!));
    offsets.forEach((offset, argument) => {
      body.set(numberWord(offset), argument * WORD);
      const length = numberWord(lengths[argument]!);
      if (offset + WORD <= size) body.set(length, offset);
    });
    // an argument may have been written over the head: that is one of the cases
    return [...selector(), ...body];
  });

type Mutation = (request: number[]) => number[];

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(
    ([at, byte]): Mutation =>
      (request) =>
        request.with(at % request.length, byte),
  ),
  fc.nat().map(
    (end): Mutation =>
      (request) =>
        request.slice(0, 1 + (end % request.length)),
  ),
  fc
    .uint8Array({ minLength: 1, maxLength: 70 })
    .map((trailing): Mutation => (request) => [...request, ...trailing]),
  fc
    .tuple(fc.nat({ max: 12 }), fc.oneof(fc.bigInt(0n, 400n), chainIds))
    .map(([index, value]): Mutation => (request) => {
      const at = SELECTOR_LENGTH + index * WORD;
      return request.length < at + WORD
        ? request
        : request.toSpliced(at, WORD, ...numberWord(value));
    }),
);

const requests = fc
  .tuple(fc.oneof(made, laidOut), fc.array(mutations, { maxLength: 2 }))
  .map(([request, changes]) =>
    Uint8Array.from(changes.reduce((changed, change) => change(changed), request)),
  );

describe("The chain of a request in TypeScript and in Solidity", () => {
  let harness: Contract;
  before(async () => {
    harness = await deploy("BoundRequestHarness");
  });

  it(`is the same for ${(RUNS * REQUESTS_PER_RUN).toString()} requests, most of them malformed`, async function () {
    this.timeout(180_000);
    let accepted = 0;
    let oddlyAccepted = 0;
    const batches = fc.array(requests, {
      minLength: REQUESTS_PER_RUN,
      maxLength: REQUESTS_PER_RUN,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const verdicts = (await read(harness, "judge", batch)) as [boolean, bigint][];
        verdicts.forEach(([isAccepted, chainId], index) => {
          const request = batch[index]!;
          const inSolidity = isAccepted ? chainId.toString() : "none";
          expect(chainSeenByGateway(request), toHex(request)).to.equal(inSolidity);
          if (!isAccepted) return;
          accepted++;
          if (!isCanonical(request)) oddlyAccepted++;
        });
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    expect(accepted, "accepted requests").to.be.greaterThan(1000);
    expect(oddlyAccepted, "accepted requests of a layout that no encoder makes").to.be.greaterThan(
      100,
    );
  });

  it("is this chain's for what the contract makes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 200 }),
        async (name, data) => {
          const request = await read(harness, "make", name, data);
          const twin = [...resolve.encodeInput(name, data), ...numberWord(31337n)];
          expect(request).to.equal(toHex(Uint8Array.from(twin)));
          expect(await read(harness, "chainIdOf", request)).to.equal(31337n);
        },
      ),
      { seed: SEED, numRuns: 50, endOnFailure: true },
    );
  });
});

function selector(): Uint8Array {
  return resolve.encodeInput(new Uint8Array(), new Uint8Array()).subarray(0, SELECTOR_LENGTH);
}

/** "none" for a request that is bound to no chain, and for one that the gateway refuses. */
function chainSeenByGateway(request: Uint8Array): string {
  try {
    return (boundChainId(request) ?? "none").toString();
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return "none";
    throw error;
  }
}

/** Whether an ABI encoder would have made it. */
function isCanonical(request: Uint8Array): boolean {
  const [name, data] = resolve.decodeInput(request);
  const encoded = resolve.encodeInput(name, data);
  return toHex(request.subarray(0, encoded.length)) === toHex(encoded);
}
