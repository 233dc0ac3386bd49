import { expect } from "chai";
import fc from "fast-check";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { expectError } from "../expectError.js";

describe("abi/hex", () => {
  it("writes lower case with 0x, and reads it back", () => {
    expect(toHex(new Uint8Array([0, 171, 255]))).to.equal("0x00abff");
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes);
      }),
    );
  });

  it("reads both cases", () => {
    expect(fromHex("0xAbCd")).to.deep.equal(new Uint8Array([0xab, 0xcd]));
  });

  it("refuses what is not hexadecimal", () => {
    for (const text of ["", "00", "0x0", "0xgg", "0x00 ", "0X00"]) {
      expectError(() => fromHex(text), "INVALID_REQUEST", /0x followed by an even number/);
    }
  });
});
