import { expect } from "chai";
import fc from "fast-check";
import { decodeBase64, decodeForgivingBase64, encodeBase64 } from "../../src/dm3/base64.js";
import { expectError } from "../expectError.js";

describe("base64", () => {
  it("writes and reads any bytes as Node does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).to.equal(Buffer.from(bytes).toString("base64"));
        expect(decodeBase64(text)).to.deep.equal(bytes);
        expect(decodeForgivingBase64(text.replace(/=+$/, ""))).to.deep.equal(bytes);
        expect(decodeForgivingBase64(text.replace(/(.{5})/g, "$1 \n"))).to.deep.equal(bytes);
      }),
    );
  });

  for (const [rule, text] of [
    ["padding is missing", "AQ"],
    ["padding is too long", "AQI=="],
    ["unused bits are set", "AR=="],
    ["white space is in it", "AQ ID"],
    ["the alphabet is the one for URLs", "-_-_"],
    ["padding stands inside", "AQ==AQ=="],
    ["one digit is left over", "AAAAA"],
  ] as const) {
    it(`is refused as canonical when ${rule}`, () => {
      expectError(() => decodeBase64(text), "INVALID_REQUEST", /canonical base64/);
    });
  }

  for (const text of ["A", "-_-_", "AQ==AQ==", "AQI===", "%%%%"]) {
    it(`is refused even by the forgiving reader: ${text}`, () => {
      expectError(() => decodeForgivingBase64(text), "INVALID_REQUEST", /not base64/);
    });
  }
});
