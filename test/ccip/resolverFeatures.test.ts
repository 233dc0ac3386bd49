import { expect } from "chai";
import { id } from "ethers";
import { toHex } from "../../src/abi/hex.js";
import { BATCH_FEATURE, MULTICALL_FEATURE } from "../../src/ccip/resolverFeatures.js";

describe("ccip/resolverFeatures", () => {
  it("has the ids that ERC-7996 derives from their names", () => {
    const idOf = (name: string) => id(name).slice(0, 10);
    expect(toHex(MULTICALL_FEATURE)).to.equal(idOf("eth.ens.resolver.extended.multicall"));
    expect(toHex(BATCH_FEATURE)).to.equal(idOf("eth.signpost.resolver.batch"));
  });
});
