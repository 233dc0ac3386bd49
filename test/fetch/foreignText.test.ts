import { expect } from "chai";
import fc from "fast-check";
import { foreignText } from "../../src/fetch/foreignText.js";

describe("foreignText", () => {
  it("takes escape sequences, line ends and invisible characters out", () => {
    expect(foreignText("a\u001b[2Jb\r\nc\u202ed\u200be\u0007")).to.equal("a [2Jb c d e");
  });

  it("shortens", () => {
    expect(foreignText("x".repeat(300))).to.equal(`${"x".repeat(200)}...`);
  });

  it("never leaves a control or formatting character, nor more than its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = foreignText(text, 20);
        expect(line).to.not.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line.length).to.be.at.most(23);
      }),
    );
  });
});
