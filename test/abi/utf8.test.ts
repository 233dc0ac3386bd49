import { expect } from "chai";
import fc from "fast-check";
import { decodeAndCompare, decodeUtf8, utf8Length } from "../../src/abi/utf8.js";

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

  it("is read strictly, also where the platform's decoder is not strict", () => {
    const strict = (bytes: Uint8Array) =>
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const outcome = (decode: (bytes: Uint8Array) => string, bytes: Uint8Array) => {
      try {
        return decode(bytes);
      } catch {
        return null;
      }
    };
    const marked = fc.string({ unit: "grapheme" }).map((text) => `\ufeff${text}\ufffd\ufeff`);
    const written = fc
      .oneof(marked, fc.string({ unit: "binary" }))
      .map((text) => new TextEncoder().encode(text));
    fc.assert(
      fc.property(fc.oneof(written, fc.uint8Array({ maxLength: 6 })), (bytes) => {
        expect(outcome(decodeUtf8, bytes)).to.equal(outcome(strict, bytes));
        expect(outcome(decodeAndCompare, bytes)).to.equal(outcome(strict, bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});
