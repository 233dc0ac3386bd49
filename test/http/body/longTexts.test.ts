import { expect } from "chai";
import fc from "fast-check";
import { cutLongTexts, LongText, withLongTexts } from "../../../src/http/body/longTexts.js";

const LONG = 6_000;
const MOST = 1_000;

describe("http/body/longTexts", () => {
  const valueIn = (json: string) => {
    const cut = cutLongTexts(Buffer.from(json), MOST);
    if (cut === null) throw new Error("It was not cut.");
    return { ...cut, value: withLongTexts(cut) };
  };
  /** With each long text as a text again. */
  const together = (value: unknown): unknown => {
    if (value instanceof LongText) return value.text();
    if (Array.isArray(value)) return value.map(together);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, together(one)]));
  };

  it("gives the value that JSON.parse gives, wherever long texts are", () => {
    const characters = fc.constantFrom("a", "Z", "9", "ü", "🎩", "{", ":", ",", "[", "]");
    const text = fc.oneof(
      fc.string({ unit: characters, maxLength: 20 }),
      fc.string({ unit: characters, minLength: 1, maxLength: 9 }).map((one) => one.repeat(LONG)),
    );
    const member = fc.string({ unit: fc.constantFrom("k", "l", "m"), maxLength: 3 });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.constantFrom(null, true, false),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(member, tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        const found = valueIn(JSON.stringify(given));
        expect(together(found.value)).to.deep.equal(given);
        expect(found.rest.length).to.be.lessThan(MOST * 100);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves long texts the very bytes, and short ones texts", () => {
    const [long, short] = ["x".repeat(LONG), "short"];
    const { value, texts, rest } = valueIn(JSON.stringify({ long, list: [short, long] }));
    expect(texts).to.have.length(2);
    expect(rest.length).to.be.lessThan(100);
    const { list, ...others } = value as { long: LongText; list: [string, LongText] };
    expect(others.long.bytes.toString()).to.equal(long);
    expect([list[0], list[1].bytes.toString()]).to.deep.equal([short, long]);
  });

  it("cuts nothing where something is escaped, or there are too many texts", () => {
    const long = "x".repeat(LONG);
    expect(cutLongTexts(Buffer.from(JSON.stringify([long, '"'])), MOST)).to.equal(null);
    const texts = Array.from({ length: MOST }, () => "x");
    expect(cutLongTexts(Buffer.from(JSON.stringify(texts)), MOST)).to.not.equal(null);
    expect(cutLongTexts(Buffer.from(JSON.stringify([...texts, "x"])), MOST)).to.equal(null);
  });

  it("takes no text of a client for a mark, and nothing for JSON that is none", () => {
    const long = "x".repeat(LONG);
    for (const json of [
      `["\u00000","${long}"]`,
      `["${long}]`,
      `["${long}"`,
      `{"${long}"}`,
      `"${long}""`,
    ]) {
      expect(() => valueIn(json), json.slice(0, 10)).to.throw(SyntaxError);
    }
    const wrong = Buffer.from(`["${long}","y"]`);
    wrong[wrong.length - 3] = 0xff;
    expect(() => withLongTexts(cutLongTexts(wrong, MOST)!)).to.throw(TypeError);
    wrong[wrong.length - 3] = 0x79;
    wrong[10] = 0xff;
    const [first] = withLongTexts(cutLongTexts(wrong, MOST)!) as [LongText];
    expect(first.text()).to.equal(null);
  });
});
