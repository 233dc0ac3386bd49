import { expect } from "chai";
import { pooledSalts } from "../../src/signer/batchSalts.js";

const SALT_BYTES = 16;

describe("signer/batchSalts", () => {
  it("give each answer 16 bytes of its own, also where the pool ends, and more than a pool at once", () => {
    const makeSalts = pooledSalts();
    const seen = new Set<string>();
    let count = 0;
    for (const answers of [1, 1000, 23, 1, 1024, 4096, 7, 1023, 2]) {
      const salts = makeSalts(answers);
      expect(salts.length).to.equal(answers * SALT_BYTES);
      for (let at = 0; at < salts.length; at += SALT_BYTES) {
        seen.add(Buffer.from(salts.subarray(at, at + SALT_BYTES)).toString("hex"));
      }
      count += answers;
    }
    expect(seen.size).to.equal(count);
  });

  it("leaves alone what it gave before", () => {
    const makeSalts = pooledSalts();
    const first = makeSalts(3);
    const copy = first.slice();
    for (let round = 0; round < 3000; round++) makeSalts(1);
    expect(first).to.deep.equal(copy);
  });
});
