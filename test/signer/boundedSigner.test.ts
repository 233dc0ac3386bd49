import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Digest } from "../../src/abi/digest.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { boundedSigner } from "../../src/signer/boundedSigner.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";

const KEY = localGatewaySigner(bytes(32, 0x11));
const BOUNDS = { mostUnderWay: 2, mostWaiting: 3, longestWaitMs: 200, mostPerSec: null };
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

  it("begins so many within a second and no more, wherever that begins", async () => {
    let nowMs = 0;
    const began: number[] = [];
    const quick = {
      ...KEY,
      description: "a quick one",
      signDigest: (digest: Digest) => {
        began.push(nowMs);
        return KEY.signDigest(digest);
      },
      close: () => Promise.resolve(),
    };
    const bounds = { mostUnderWay: 64, mostWaiting: 100, longestWaitMs: 60_000, mostPerSec: 20 };
    const signer = boundedSigner(quick, bounds, () => nowMs);
    const taken = Array.from({ length: 50 }, (_, index) => signer.signDigest(bytes(32, index)));
    while (began.length < 50) {
      await delay(2);
      nowMs += 10;
    }
    await Promise.all(taken);
    for (const [index, fromMs] of began.entries()) {
      const within = began.slice(index).filter((atMs) => atMs < fromMs + 1000);
      expect(within.length, `from ${fromMs} ms on`).to.be.at.most(20);
    }
    // one that comes after a pause does not wait
    nowMs += 60;
    const asked = signer.signDigest(bytes(32, 99));
    expect(await asked).to.have.length(65);
  });

  it("gives as many as it may, although timers come late", async () => {
    let nowMs = 0;
    const began: number[] = [];
    const quick = {
      ...KEY,
      description: "a quick one",
      signDigest: () => {
        began.push(nowMs);
        return Promise.resolve(bytes(65, 1));
      },
      close: () => Promise.resolve(),
    };
    const bounds = { mostUnderWay: 64, mostWaiting: 2_000, longestWaitMs: 60_000, mostPerSec: 500 };
    const signer = boundedSigner(quick, bounds, () => nowMs);
    const taken = Array.from({ length: 1_000 }, (_, index) =>
      signer.signDigest(bytes(32, index % 256)),
    );
    while (began.length < 1_000) {
      await delay(2);
      nowMs += 10;
    }
    await Promise.all(taken);
    expect(began.filter((atMs) => atMs < 1_000).length).to.be.within(480, 500);
    for (const fromMs of began) {
      const within = began.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1_000);
      expect(within.length, `from ${fromMs} ms on`).to.be.at.most(500);
    }
  });

  it("lets signatures for many answers begin first, whatever waits for a place", async () => {
    const slow = slowSigner();
    const signer = boundedSigner(slow.signer, { ...BOUNDS, longestWaitMs: 5_000 });
    const singles = [1, 2, 3, 4, 5].map((index) => signer.signDigest(bytes(32, index)));
    const forMany = signer.signInTurn!(() => bytes(32, 99));
    const nothing = signer.signInTurn!(() => null);
    await delay(5);
    expect(slow.began).to.deep.equal([1, 2, 99]);
    expect(await nothing).to.equal(null);
    for (let index = 0; index < 6; index++) await slow.finishOne();
    await Promise.all([...singles, forMany]);
    expect(slow.began).to.deep.equal([1, 2, 99, 3, 4, 5]);
  });

  it("lets the others begin by turns, however many for many answers come", async () => {
    let nowMs = 0;
    const began: number[] = [];
    const quick = {
      ...KEY,
      description: "a quick one",
      signDigest: (digest: Digest) => {
        began.push(digest[0] ?? 0);
        return KEY.signDigest(digest);
      },
      close: () => Promise.resolve(),
    };
    const bounds = { mostUnderWay: 64, mostWaiting: 100, longestWaitMs: 60_000, mostPerSec: 20 };
    const signer = boundedSigner(quick, bounds, () => nowMs);
    const askForMany = (): Promise<unknown> =>
      signer.signInTurn!(() => (began.length < 40 ? bytes(32, 99) : null)).then(
        (signature) => signature && askForMany(),
      );
    const asked = [askForMany(), askForMany()];
    const singles = Array.from({ length: 10 }, () => signer.signDigest(bytes(32, 1)));
    const clock = setInterval(() => (nowMs += 50), 2);
    await Promise.all([...asked, ...singles]);
    clearInterval(clock);
    expect(began.slice(0, 22).filter((which) => which === 1)).to.have.length(10);
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
