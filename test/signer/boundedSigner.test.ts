import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Digest } from "../../src/abi/digest.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { boundedSigner } from "../../src/signer/boundedSigner.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";

const KEY = localGatewaySigner(bytes(32, 0x11));
const BOUNDS = { mostUnderWay: 2, mostWaiting: 3, longestWaitMs: 200 };
const OVERLOAD = /does not keep up with the lookups/;

/** Signs when it is told to, one at a time and in order. */
function slowSigner() {
  const pending: (() => void)[] = [];
  const began: number[] = [];
  let closed = false;
  return {
    began,
    isClosed: () => closed,
    finishOne: async () => {
      await delay(5);
      pending.shift()?.();
      await delay(5);
    },
    signer: {
      address: KEY.address,
      description: "a slow one",
      signDigest: async (digest: Digest) => {
        began.push(digest[0] ?? -1);
        await new Promise<void>((resolve) => pending.push(resolve));
        if (digest[0] === 0xff) throw new Error("fault");
        return KEY.signDigest(digest);
      },
      close: () => {
        closed = true;
        return Promise.resolve();
      },
    },
  };
}

describe("signer/boundedSigner", () => {
  it("asks for so many at a time, lets so many wait in order, and refuses the rest at once", async () => {
    const slow = slowSigner();
    const signer = boundedSigner(slow.signer, { ...BOUNDS, longestWaitMs: 5_000 });
    expect(signer.address).to.equal(KEY.address);
    const taken = [1, 2, 3, 4, 5].map((index) => signer.signDigest(bytes(32, index)));
    const startMs = performance.now();
    const error = await expectRejection(
      signer.signDigest(bytes(32, 6)),
      "SIGNER_UNAVAILABLE",
      OVERLOAD,
    );
    expect(performance.now() - startMs).to.be.below(50);
    expect(error.details).to.deep.equal({ reason: "overload" });
    expect(slow.began).to.deep.equal([1, 2]);
    await slow.finishOne();
    expect(slow.began).to.deep.equal([1, 2, 3]);
    // a place among those that wait is free again
    taken.push(signer.signDigest(bytes(32, 7)));
    for (let index = 0; index < 5; index++) await slow.finishOne();
    expect(slow.began).to.deep.equal([1, 2, 3, 4, 5, 7]);
    const signatures = await Promise.all(taken);
    expect(signatures[5]).to.deep.equal(await KEY.signDigest(bytes(32, 7)));
  });

  it("refuses what has waited too long, and does not sign it later", async () => {
    const slow = slowSigner();
    const signer = boundedSigner(slow.signer, BOUNDS);
    const taken = [1, 2].map((index) => signer.signDigest(bytes(32, index)));
    const startMs = performance.now();
    await expectRejection(signer.signDigest(bytes(32, 3)), "SIGNER_UNAVAILABLE", OVERLOAD);
    expect(performance.now() - startMs).to.be.within(180, 600);
    await slow.finishOne();
    await slow.finishOne();
    await Promise.all(taken);
    expect(slow.began).to.deep.equal([1, 2]);
  });

  it("gives the place of what failed to the next", async () => {
    const slow = slowSigner();
    const signer = boundedSigner(slow.signer, { ...BOUNDS, mostUnderWay: 1 });
    const failing = signer.signDigest(bytes(32, 0xff)).catch((error: unknown) => String(error));
    const next = signer.signDigest(bytes(32, 1));
    await slow.finishOne();
    expect(await failing).to.equal("Error: fault");
    await slow.finishOne();
    expect(await next).to.have.length(65);
  });

  it("closes when what is under way or waits is done, and not before", async () => {
    const slow = slowSigner();
    const signer = boundedSigner(slow.signer, { ...BOUNDS, mostUnderWay: 1 });
    const taken = [1, 2].map((index) => signer.signDigest(bytes(32, index)));
    const closing = signer.close();
    await slow.finishOne();
    expect(slow.isClosed()).to.equal(false);
    await slow.finishOne();
    await Promise.all(taken);
    await closing;
    expect(slow.isClosed()).to.equal(true);
  });
});
