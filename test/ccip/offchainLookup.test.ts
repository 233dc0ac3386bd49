import { expect } from "chai";
import { fromHex } from "../../src/abi/hex.js";
import { offchainLookup, urlCount } from "../../src/ccip/offchainLookup.js";
import { addressFrom } from "../../src/ens/address.js";
import { ethers } from "../contracts/deployment.js";
import { expectError } from "../expectError.js";

function encode(urls: readonly string[]): Uint8Array {
  const zero = new Uint8Array(4);
  return offchainLookup.encodeInput(addressFrom(new Uint8Array(20)), [...urls], zero, zero, zero);
}

describe("offchainLookup", () => {
  it("has the selector of ERC-3668", () => {
    expect(offchainLookup.selector).to.equal("0x556f1830");
  });

  it("counts the URLs without reading them", () => {
    for (const count of [0, 1, 3, 64, 65]) {
      expect(urlCount(encode(Array.from({ length: count }, () => "https://g.example")))).to.equal(
        count,
      );
    }
    const list = "0x".padEnd(2 + 64, "0");
    const claim = fromHex(
      ethers.concat([
        "0x556f1830",
        list,
        ethers.toBeHex(64, 32),
        ethers.toBeHex(2 ** 32 - 1, 32), // a count that nothing follows
      ]),
    );
    expect(urlCount(claim)).to.equal(2 ** 32 - 1);
  });

  it("refuses what ends before the count, or points past the end", () => {
    const whole = encode(["https://g.example"]);
    expectError(() => urlCount(whole.subarray(0, 4)), "INVALID_CALL_DATA", /only 0 bytes came/);
    expectError(() => urlCount(whole.subarray(0, 40)), "INVALID_CALL_DATA", /expected at position/);
    const past = whole.slice();
    past.fill(0xff, 4 + 32, 4 + 64);
    expectError(() => urlCount(past), "INVALID_CALL_DATA", /lies past the end/);
  });
});
