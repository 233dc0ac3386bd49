/** Which answers share a signature, and what becomes of them when there is none: with real keys, and a signer that can be held up. */
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Digest } from "../../src/abi/digest.js";
import { SALT_BYTES, signedDigestIn, SINGLE_BYTES } from "../../src/ccip/batchSignature.js";
import { recoverSigner } from "../../src/dm3/keys/walletSignature.js";
import { checksumAddress } from "../../src/ens/address.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { switchableSigner } from "../../src/gateway/switchableSigner.js";
import { BATCH_BOUNDS, batchingSigner } from "../../src/signer/batchingSigner.js";
import { pooledSalts } from "../../src/signer/batchSalts.js";
import { boundedSigner, REMOTE_BOUNDS } from "../../src/signer/boundedSigner.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { expectRejection } from "../expectError.js";

const KEY = localGatewaySigner(bytes(32, 0x11));
const OVERLOAD = /does not keep up with the lookups/;

const eventually = (condition: () => boolean) => until(condition, 5_000);

/** Signs each digest when it is told to. */
function heldSigner(key: GatewaySigner = KEY) {
  const held: { readonly go: () => void; readonly fail: (error: Error) => void }[] = [];
  let most = 0;
  let underWay = 0;
  const signer: GatewaySigner = {
    address: key.address,
    signDigest: async (digest) => {
      most = Math.max(most, ++underWay);
      try {
        await new Promise<void>((go, fail) => held.push({ go, fail }));
        return await key.signDigest(digest);
      } finally {
        underWay--;
      }
    },
  };
  return { signer, held, mostUnderWay: () => most };
}

describe("signer/batchingSigner", () => {
  let seen: number[];
  beforeEach(() => (seen = []));

  const digest = (index: number): Digest => {
    const made = bytes(32, index % 256);
    made[0] = index >> 8;
    return made;
  };
  const batching = (signer: GatewaySigner, bounds = {}) =>
    batchingSigner({
      signer,
      makeSalts: pooledSalts(),
      observer: (answers) => seen.push(answers),
      bounds: { ...BATCH_BOUNDS, ...bounds },
    });
  /** Whose signature a field has, checksummed, as the resolver finds out. */
  const signerOf = (index: number, field: Uint8Array): string => {
    const signed = signedDigestIn(field, digest(index));
    if (signed.fault !== null) return signed.fault;
    return checksumAddress(recoverSigner(signed.digest, signed.signature, "INVALID_REQUEST"));
  };
  const ask = (signer: ReturnType<typeof batching>, first: number, count: number) =>
    Array.from({ length: count }, (_, at) => signer.signAnswer(digest(first + at), true));

  it("signs the answers of one turn of the event loop together, each proven by itself", async () => {
    const signer = batching(KEY);
    const fields = await Promise.all(ask(signer, 0, 100));
    expect(seen).to.deep.equal([100]);
    fields.forEach((field, index) => {
      expect(signerOf(index, field)).to.equal(checksumAddress(KEY.address));
      expect(signerOf(index + 1, field)).to.equal("path");
    });
    const salts = new Set(
      fields.map((field) => Buffer.from(field.subarray(97, 113)).toString("hex")),
    );
    expect(salts.size).to.equal(100);
    expect(SALT_BYTES).to.equal(16);
  });

  it("signs an answer that is alone by itself, at the end of its turn", async () => {
    const field = await batching(KEY).signAnswer(digest(7), true);
    expect(seen).to.deep.equal([1]);
    expect(field).to.deep.equal(await KEY.signDigest(digest(7)));
  });

  it("lets nobody who is alone wait for others, while a place is free", async () => {
    const { signer, held } = heldSigner();
    const answers = batching(signer);
    const first = answers.signAnswer(digest(1), true);
    await nextTurn();
    const second = answers.signAnswer(digest(2), true);
    await nextTurn();
    expect(seen).to.deep.equal([1, 1]);
    for (const { go } of held) go();
    for (const field of [await first, await second]) expect(field).to.have.length(SINGLE_BYTES);
  });

  it("never shares the signature of a resolver that does not understand it", async () => {
    const signer = batching(KEY);
    const [alone, ...together] = await Promise.all([
      signer.signAnswer(digest(1), false),
      ...ask(signer, 2, 3),
    ]);
    expect(alone).to.deep.equal(await KEY.signDigest(digest(1)));
    expect(seen).to.deep.equal([3]);
    for (const field of together) expect(field.length).to.be.above(SINGLE_BYTES);
  });

  it("asks for two at a time; what gathers meanwhile goes into the next", async () => {
    const { signer, held, mostUnderWay } = heldSigner();
    const answers = batching(signer);
    const fields: Promise<Uint8Array>[] = [];
    for (let index = 0; index < 30; index++) {
      fields.push(answers.signAnswer(digest(index), true));
      await nextTurn();
    }
    expect(seen).to.deep.equal([1, 1]);
    held.shift()?.go();
    await eventually(() => seen.length === 3);
    expect(seen).to.deep.equal([1, 1, 28]);
    for (const { go } of held) go();
    (await Promise.all(fields)).forEach((field, index) => {
      expect(signerOf(index, field)).to.equal(checksumAddress(KEY.address));
    });
    expect(mostUnderWay()).to.equal(2);
  });

  it("fails with a signature those alone that it was for", async () => {
    const { signer, held } = heldSigner();
    const answers = batching(signer);
    const failing = ask(answers, 0, 3);
    await eventually(() => held.length === 1);
    const working = ask(answers, 3, 3);
    await eventually(() => held.length === 2);
    held[0]!.fail(new Error("away"));
    held[1]!.go();
    const outcomes = await Promise.allSettled([...failing, ...working]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      ...["rejected", "rejected", "rejected"],
      ...["fulfilled", "fulfilled", "fulfilled"],
    ]);
    // and the next ones are signed
    const after = answers.signAnswer(digest(9), true);
    await eventually(() => held.length === 3);
    held[2]!.go();
    expect(signerOf(9, await after)).to.equal(checksumAddress(KEY.address));
  });

  it("fails those alone for which no batch could be made, and goes on", async () => {
    const makeSalts = pooledSalts();
    let faults = 2;
    const signer = batchingSigner({
      signer: KEY,
      makeSalts: (count) => {
        if (faults-- > 0) throw new Error("no random bytes");
        return makeSalts(count);
      },
    });
    for (let round = 0; round < 2; round++) {
      const failed = await Promise.allSettled(ask(signer, 0, 2));
      expect(failed.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    }
    const fields = await Promise.all(ask(signer, 0, 2));
    fields.forEach((field, index) => {
      expect(signerOf(index, field)).to.equal(checksumAddress(KEY.address));
    });
  });

  it("puts so many into one at most, and the rest into the next", async () => {
    const fields = await Promise.all(ask(batching(KEY, { mostTogether: 16 }), 0, 50));
    expect(seen).to.deep.equal([16, 16, 16, 2]);
    fields.forEach((field, index) => {
      expect(signerOf(index, field)).to.equal(checksumAddress(KEY.address));
    });
  });

  it("refuses at once what is more than may wait", async () => {
    const { signer, held } = heldSigner();
    const answers = batching(signer, { mostUnderWay: 1, mostWaiting: 3 });
    const first = answers.signAnswer(digest(0), true);
    await eventually(() => held.length === 1);
    const waiting = ask(answers, 1, 3);
    const error = await expectRejection(
      answers.signAnswer(digest(4), true),
      "SIGNER_UNAVAILABLE",
      OVERLOAD,
    );
    expect(error.details).to.deep.equal({ reason: "overload" });
    held[0]!.go();
    await eventually(() => held.length === 2);
    held[1]!.go();
    await Promise.all([first, ...waiting]);
  });

  it("refuses what has waited too long behind a signer that hangs, and takes what comes later", async () => {
    const { signer, held } = heldSigner();
    const answers = batching(signer, { mostUnderWay: 1, longestWaitMs: 50 });
    const first = answers.signAnswer(digest(0), true);
    await eventually(() => held.length === 1);
    for (const late of ask(answers, 1, 3)) {
      await expectRejection(late, "SIGNER_UNAVAILABLE", OVERLOAD);
    }
    const onTime = answers.signAnswer(digest(4), true);
    held[0]!.go();
    await eventually(() => held.length === 2);
    held[1]!.go();
    await Promise.all([first, onTime]);
    expect(seen).to.deep.equal([1, 1]);
  });

  it("signs each batch by one signer, whenever that is switched", async () => {
    const next = localGatewaySigner(bytes(32, 0x22));
    const [former, later] = [heldSigner(), heldSigner(next)];
    const switchable = switchableSigner(former.signer);
    const answers = batching(switchable);
    const before = ask(answers, 0, 5);
    await eventually(() => former.held.length === 1);
    switchable.switchTo(later.signer);
    const after = ask(answers, 5, 5);
    await eventually(() => later.held.length === 1);
    later.held[0]!.go();
    former.held[0]!.go();
    for (const [index, field] of (await Promise.all([...before, ...after])).entries()) {
      expect(signerOf(index, field)).to.equal(checksumAddress((index < 5 ? KEY : next).address));
    }
  });

  it("keeps to the rate of a bounded signer: what comes before its turn is signed together", async () => {
    let nowMs = 0;
    const { signer, held } = heldSigner();
    const open = { ...signer, description: "a slow one", close: () => Promise.resolve() };
    const bounds = { ...REMOTE_BOUNDS, mostPerSec: 100 };
    const answers = batching(boundedSigner(open, bounds, () => nowMs));
    const fields = ask(answers, 0, 1);
    await eventually(() => held.length === 1);
    held[0]!.go();
    for (let index = 1; index <= 20; index++) {
      fields.push(answers.signAnswer(digest(index), true));
      await nextTurn();
    }
    expect(held).to.have.length(1);
    nowMs = 10;
    await eventually(() => held.length === 2);
    expect(seen).to.deep.equal([1, 20]);
    held[1]!.go();
    (await Promise.all(fields)).forEach((field, index) => {
      expect(signerOf(index, field)).to.equal(checksumAddress(KEY.address));
    });
  });

  it("loses no answer to those that have a signature each, where there is a rate", async () => {
    let nowMs = 0;
    const { signer, held } = heldSigner();
    const open = { ...signer, description: "a slow one", close: () => Promise.resolve() };
    const bounds = { ...REMOTE_BOUNDS, longestWaitMs: 60_000, mostPerSec: 20 };
    const answers = batching(boundedSigner(open, bounds, () => nowMs));
    const singles = Array.from({ length: 40 }, (_, index) =>
      answers.signAnswer(digest(1_000 + index), false),
    );
    const fields = ask(answers, 0, 30);
    let done = false;
    const settled = Promise.all([...fields, ...singles]).finally(() => (done = true));
    const isDone = () => done;
    while (!isDone()) {
      nowMs += 25;
      for (const { go } of held.splice(0)) go();
      await delay(2);
    }
    await settled;
    expect(seen).to.deep.equal([30]);
    for (const [index, field] of (await Promise.all(fields)).entries()) {
      expect(signerOf(index, field)).to.equal(checksumAddress(KEY.address));
    }
  });

  it("lets what waits for a turn of the former signer be signed by the next, once that is switched to", async () => {
    let nowMs = 0;
    const next = localGatewaySigner(bytes(32, 0x22));
    const { signer, held } = heldSigner();
    const open = { ...signer, description: "a slow one", close: () => Promise.resolve() };
    const former = boundedSigner(open, { ...REMOTE_BOUNDS, mostPerSec: 2 }, () => nowMs);
    const switchable = switchableSigner(former);
    const answers = batching(switchable);
    const first = answers.signAnswer(digest(0), true);
    await eventually(() => held.length === 1);
    held[0]!.go();
    expect(signerOf(0, await first)).to.equal(checksumAddress(KEY.address));
    const waiting = ask(answers, 1, 3);
    await delay(20);
    switchable.switchTo(next);
    const after = ask(answers, 4, 3);
    nowMs = 1_000;
    for (const [at, field] of (await Promise.all([...waiting, ...after])).entries()) {
      expect(signerOf(at + 1, field)).to.equal(checksumAddress(next.address));
    }
    expect(held, "nothing more by the former").to.have.length(1);
  });

  it("tells of each answer that is refused", async () => {
    const { signer, held } = heldSigner();
    const refusals: string[] = [];
    const answers = batchingSigner({
      signer,
      makeSalts: pooledSalts(),
      onRefused: ({ code }) => refusals.push(code),
      bounds: { ...BATCH_BOUNDS, mostUnderWay: 1, longestWaitMs: 30 },
    });
    const first = answers.signAnswer(digest(0), true);
    await eventually(() => held.length === 1);
    await Promise.allSettled(ask(answers, 1, 2));
    expect(refusals).to.deep.equal(["SIGNER_UNAVAILABLE", "SIGNER_UNAVAILABLE"]);
    held[0]!.go();
    await first;
  });
});
