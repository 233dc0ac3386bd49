import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { concat, id, keccak256 as ethersKeccak256, recoverAddress } from "ethers";
import { type Digest, digestFrom } from "../../src/abi/digest.js";
import { fromHex, type Hex, toHex } from "../../src/abi/hex.js";
import { keccak256 } from "../../src/abi/keccak256.js";
import { batchOf, MOST_IN_BATCH } from "../../src/ccip/answerBatch.js";
import { batchSignatureIn, MAX_PATH, signedDigestIn } from "../../src/ccip/batchSignature.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { expectError } from "../expectError.js";

const signer = localGatewaySigner(fromHex(`0x${"11".repeat(32)}`));
const SIGNATURE = Uint8Array.from({ length: 65 }, (_, index) => index + 1);

function digestsOf(count: number): Digest[] {
  return Array.from({ length: count }, (_, index) =>
    keccak256(new Uint8Array([index & 0xff, index >> 8])),
  );
}

function saltsFor(count: number): Uint8Array {
  return Uint8Array.from({ length: 16 * count }, (_, index) => index % 251);
}

describe("ccip/answerBatch", () => {
  it("is the tree of its drawing, made here by ethers: five answers, the last one without a pair twice", () => {
    const digests = digestsOf(5);
    const salts = saltsFor(5);
    const hash = (tag: string, ...parts: (Uint8Array | string)[]) =>
      ethersKeccak256(concat([id(`signpost.batch.${tag}`), ...parts]));
    const [a, b, c, d, e] = digests.map((digest, index) =>
      hash("leaf", digest, salts.subarray(16 * index, 16 * index + 16)),
    ) as [string, string, string, string, string];
    const node = (...children: [string, string]) => hash("node", ...children.sort());
    const [ab, cd] = [node(a, b), node(c, d)];
    const abcd = node(ab, cd);
    const root = node(abcd, e);

    const batch = batchOf(digests, salts);
    expect(toHex(batch.root)).to.equal(root);
    expect(toHex(batch.toSign)).to.equal(hash("root", root));
    const paths = [
      [b, cd, e],
      [a, cd, e],
      [d, ab, e],
      [c, ab, e],
      [abcd], // e goes up two levels as it is
    ];
    for (const [index, path] of paths.entries()) {
      expect(toHex(batch.pathOf(index)), index.toString()).to.equal(concat(path));
    }
  });

  it("gives each answer of every small batch, and of the largest, a field that leads to what was signed", () => {
    for (const count of [...Array.from({ length: 70 }, (_, index) => index + 2), MOST_IN_BATCH]) {
      const digests = digestsOf(count);
      const salts = saltsFor(count);
      const batch = batchOf(digests, salts);
      for (const [index, digest] of digests.entries()) {
        const field = batch.fieldOf(index, SIGNATURE);
        const { root, salt, path } = batchSignatureIn(field)!;
        expect(root).to.deep.equal(batch.root);
        expect(salt).to.deep.equal(salts.subarray(16 * index, 16 * index + 16));
        expect(path.length / 32).to.be.within(1, Math.ceil(Math.log2(count)));
        expect(signedDigestIn(field, digest)).to.deep.equal({
          fault: null,
          digest: batch.toSign,
          signature: SIGNATURE,
        });
      }
    }
    expect(batchOf(digestsOf(MOST_IN_BATCH), saltsFor(MOST_IN_BATCH)).pathOf(0).length).to.equal(
      32 * MAX_PATH,
    );
  });

  it("is proven by the one signature over its root", async () => {
    const digests = digestsOf(9);
    const batch = batchOf(digests, randomBytes(16 * 9));
    const signature = await signer.signDigest(batch.toSign);
    for (const [index, digest] of digests.entries()) {
      const read = signedDigestIn(batch.fieldOf(index, signature), digest);
      if (read.fault !== null) throw new Error(read.fault);
      const signed: [Hex, Hex] = [toHex(read.digest), toHex(read.signature)];
      expect(recoverAddress(...signed)).to.equal("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A");
    }
  });

  it("may hold one answer twice: by their salts, their leaves differ", () => {
    const [digest] = digestsOf(1) as [Digest];
    const batch = batchOf([digest, digest], saltsFor(2));
    expect(batch.pathOf(0)).to.not.deep.equal(batch.pathOf(1));
    for (const index of [0, 1]) {
      expect(signedDigestIn(batch.fieldOf(index, SIGNATURE), digest).fault).to.equal(null);
    }
  });

  it("has 2 to 4096 answers with a salt of 16 bytes each", () => {
    const wrong: [digests: number, saltBytes: number][] = [
      [0, 0],
      [1, 16],
      [2, 31],
      [2, 33],
      [3, 32],
      [MOST_IN_BATCH + 1, 16 * (MOST_IN_BATCH + 1)],
    ];
    for (const [count, bytes] of wrong) {
      const build = () => batchOf(digestsOf(count), new Uint8Array(bytes));
      expectError(build, "INTERNAL", /2 to 4096 answers/);
    }
  });
});

describe("ccip/batchSignature", () => {
  const digests = digestsOf(6);
  const batch = batchOf(digests, saltsFor(6));
  const [digest] = digests as [Digest];
  const field = batch.fieldOf(0, SIGNATURE);

  it("takes 65 bytes as a signature over the answer's own digest", () => {
    const signedAlone = { fault: null, digest, signature: SIGNATURE };
    expect(signedDigestIn(SIGNATURE, digest)).to.deep.equal(signedAlone);
  });

  it("has no other length than a path of 1 to 12 levels gives it", () => {
    for (let length = 0; length <= 113 + 32 * 14; length++) {
      const isBatch = length > 113 && length <= 113 + 32 * 12 && (length - 113) % 32 === 0;
      const { fault } = signedDigestIn(new Uint8Array(length), digest);
      expect(fault, length.toString()).to.equal(length === 65 ? null : isBatch ? "path" : "length");
      expect(batchSignatureIn(new Uint8Array(length)) !== null).to.equal(isBatch);
    }
  });

  it("leads nowhere when a bit of root, salt or path is flipped, and says nothing of the signature", () => {
    for (let at = 0; at < field.length; at++) {
      const flipped = field.slice();
      flipped[at]! ^= 1;
      const ofSignature = at >= 32 && at < 97;
      expect(signedDigestIn(flipped, digest).fault, at.toString()).to.equal(
        ofSignature ? null : "path",
      );
    }
  });

  it("proves no other answer, of the batch or of none, and neither root nor node nor leaf", () => {
    const { path } = batchSignatureIn(field)!;
    const others = [
      ...digests.slice(1),
      keccak256(new Uint8Array(94)),
      batch.root,
      batch.toSign,
      ...[0, 1, 2].map((level) => digestFrom(path.subarray(32 * level, 32 * level + 32))),
    ];
    for (const other of others) expect(signedDigestIn(field, other).fault).to.equal("path");
  });
});
