/** Many signatures by one key of our own, and who has a turn between them: with real keys, and a clock that they move. */
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { batchingSigner } from "../../src/signer/batchingSigner.js";
import { pooledSalts } from "../../src/signer/batchSalts.js";
import { slicedSigner } from "../../src/signer/slicedSigner.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { bytes } from "../db/sampleNames.js";
import { openSignerOf } from "./openSignerOf.js";

const KEY = localGatewaySigner(bytes(32, 0x11));

describe("signer/slicedSigner", () => {
  let nowMs: number;
  let signed: number;
  beforeEach(() => ([nowMs, signed] = [0, 0]));

  /** A signature takes half a millisecond. */
  const inner: GatewaySigner = {
    address: KEY.address,
    signDigest: (digest) => {
      nowMs += 0.5;
      signed++;
      return KEY.signDigest(digest);
    },
  };
  const sliced = () => slicedSigner(inner, () => nowMs);
  const askedOf = (signer: GatewaySigner, count: number) =>
    Array.from({ length: count }, (_, index) => signer.signDigest(bytes(32, index)));

  it("lets everybody have a turn after a few of many signatures, which are right and in order", async () => {
    const order: number[] = [];
    const asked = askedOf(sliced(), 64).map((signature, index) =>
      signature.then((made) => (order.push(index), made)),
    );
    const inTurns: number[] = [];
    while (signed < 64) {
      const before = signed;
      await nextTurn();
      inTurns.push(signed - before);
    }
    expect(Math.max(...inTurns)).to.equal(4);
    for (const [index, signature] of (await Promise.all(asked)).entries()) {
      expect(signature).to.deep.equal(await KEY.signDigest(bytes(32, index)));
    }
    expect(order).to.deep.equal(Array.from({ length: 64 }, (_, index) => index));
    // and whoever comes later is signed as well
    expect(await sliced().signDigest(bytes(32, 7))).to.have.length(65);
  });

  it("signs one in each turn where one takes longer than a slice", async () => {
    const slow = { ...inner, signDigest: () => ((nowMs += 5), inner.signDigest(bytes(32, 1))) };
    const asked = askedOf(
      slicedSigner(slow, () => nowMs),
      3,
    );
    await nextTurn();
    expect(signed).to.be.at.most(1);
    await Promise.all(asked);
    expect(signed).to.equal(3);
  });

  it("makes a signature for many answers before those that wait", async () => {
    const signer = sliced();
    const answers = batchingSigner({ signer, makeSalts: pooledSalts() });
    let singlesDone = 0;
    const singles = Array.from({ length: 100 }, (_, index) =>
      answers.signAnswer(bytes(32, index), false).then(() => singlesDone++),
    );
    await Promise.all([1, 2, 3].map((index) => answers.signAnswer(bytes(32, index), true)));
    expect(singlesDone).to.be.at.most(8);
    await Promise.all(singles);
  });

  it("fails one that cannot be made alone, whether it throws or rejects", async () => {
    let calls = 0;
    const failing: GatewaySigner = {
      ...inner,
      signDigest: (digest) => {
        calls++;
        if (calls === 2) throw new Error("no");
        return calls === 3 ? Promise.reject(new Error("no")) : inner.signDigest(digest);
      },
    };
    const signer = slicedSigner(failing, () => nowMs);
    const outcomes = await Promise.allSettled(askedOf(signer, 4));
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      ...["fulfilled", "rejected", "rejected", "fulfilled"],
    ]);
  });

  it("is what an installation with a key of its own signs by", async () => {
    const folder = await temporaryFolder();
    const key = toHex(bytes(32, 0x11));
    const settings = { SIGNPOST_DIR: join(folder, "signpost"), GATEWAY_SIGNER_KEY: key };
    const signer = await openSignerOf(settings, "refuse");
    let left = 400;
    const asked = askedOf(signer, left).map((signature) => signature.then(() => left--));
    await nextTurn();
    expect(left, "others have a turn before all are signed").to.be.above(0);
    await Promise.all(asked);
    await signer.close();
    await removeFolder(folder);
  });
});
