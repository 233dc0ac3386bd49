import { expect } from "chai";
import { namehash as ethersNamehash } from "ethers";
import fc from "fast-check";
import { labelhash as viemLabelhash, namehash as viemNamehash } from "viem/ens";
import { toHex } from "../../src/abi/hex.js";
import { labelhash, namehash } from "../../src/ens/namehash.js";

describe("ens/namehash", () => {
  it("agrees with ethers and viem", () => {
    expect(toHex(namehash(""))).to.equal(`0x${"0".repeat(64)}`);
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z0-9]{1,12}$/), { minLength: 1, maxLength: 5 }),
        (labels) => {
          const name = labels.join(".");
          expect(toHex(namehash(name))).to.equal(ethersNamehash(name));
          expect(toHex(namehash(name))).to.equal(viemNamehash(name));
          expect(toHex(labelhash(labels[0]!))).to.equal(viemLabelhash(labels[0]!));
        },
      ),
    );
  });
});
