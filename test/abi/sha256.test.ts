import { expect } from "chai";
import { sha256 as ethersSha256 } from "ethers";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { sha256, sha256OfText, useSha256 } from "../../src/abi/sha256.js";
import { nodeSha256 } from "../../src/native/nodeSha256.js";
import { expectError } from "../expectError.js";

describe("abi/sha256", () => {
  const likeEthers = () => {
    const part = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(part, part, (first, second) => {
        expect(toHex(sha256(first, second))).to.equal(
          ethersSha256(Uint8Array.of(...first, ...second)),
        );
      }),
      { numRuns: 200 },
    );
  };

  it("hashes as ethers does, portable and by Node", () => {
    likeEthers();
    useSha256(nodeSha256);
    likeEthers();
    expect(toHex(sha256OfText("grün"))).to.equal(ethersSha256(Buffer.from("grün")));
  });

  it("takes no implementation that hashes otherwise", () => {
    for (const broken of [
      () => new Uint8Array(32),
      () => new Uint8Array(0),
      ([first]: readonly Uint8Array[]) => nodeSha256(first ? [first] : []),
    ]) {
      expectError(
        () => {
          useSha256(broken);
        },
        "INTERNAL",
        /other results/,
      );
    }
    likeEthers();
  });
});
