import { expect } from "chai";
import fc from "fast-check";
import { utf8Length } from "../../src/abi/utf8.js";

describe("abi/utf8", () => {
  it("counts what the encoder writes, for every kind of character and for lone surrogates", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
        .map((units) => String.fromCharCode(...units)),
      fc.constantFrom(
        "",
        "é",
        "€",
        "📬",
        "\ud83d",
        "\udcec",
        "a\ud83d",
        "\udcec\ud83d",
        "\ud83d\ud83d\udcec",
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(utf8Length(text)).to.equal(new TextEncoder().encode(text).length);
      }),
      { numRuns: 500 },
    );
  });
});
