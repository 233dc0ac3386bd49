import { expect } from "chai";
import { keccak256 as ethersKeccak256 } from "ethers";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { keccak256, useKeccak256 } from "../../src/abi/keccak256.js";
import { wasmKeccak256 } from "../../src/native/wasmKeccak.js";
import { expectError } from "../expectError.js";

describe("abi/keccak256", () => {
  const likeEthers = (hash: (bytes: Uint8Array) => Uint8Array) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(toHex(hash(bytes))).to.equal(ethersKeccak256(bytes));
      }),
      { numRuns: 200 },
    );
  };

  it("hashes as ethers does, portable and compiled", async () => {
    likeEthers(keccak256);
    const compiled = await wasmKeccak256();
    likeEthers(compiled);
    useKeccak256(compiled);
    likeEthers(keccak256);
  });

  it("gives each result a buffer of its own", async () => {
    useKeccak256(await wasmKeccak256());
    const first = keccak256(Uint8Array.of(1));
    const before = toHex(first);
    keccak256(Uint8Array.of(2));
    expect(toHex(first)).to.equal(before);
  });

  it("takes no implementation that hashes otherwise, be it at one length only", async () => {
    const compiled = await wasmKeccak256();
    for (const broken of [
      () => new Uint8Array(32),
      () => new Uint8Array(0),
      (bytes: Uint8Array) => (bytes.length === 136 ? new Uint8Array(32) : compiled(bytes)),
    ]) {
      expectError(
        () => {
          useKeccak256(broken);
        },
        "INTERNAL",
        /other results/,
      );
    }
    likeEthers(keccak256);
  });
});
