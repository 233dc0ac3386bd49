import { expect } from "chai";
import fc from "fast-check";
import { parse } from "ltx";
import { allowedText, xml } from "../../src/xmpp/xml.js";

/** XML 1.0, section 2.2, as it is written there. */
const isChar = (code: number) =>
  [0x9, 0xa, 0xd].includes(code) ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

describe("text of ours in XML", () => {
  it("has no character that XML forbids, and keeps every other one", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const text = String.fromCodePoint(code);
      if (allowedText(text) !== (isChar(code) ? text : "")) expect.fail(`U+${code.toString(16)}`);
    }
    expect(allowedText("a\ud800b\udc00\ud83d\ude00")).to.equal("a\ufffdb\ufffd😀");
  });

  it("comes back as it was, in text and in attributes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (text, value) => {
        const back = parse(xml("a", { value }, xml("b", {}, text)).toString());
        expect(back.attrs["value"]).to.equal(allowedText(value));
        expect(back.getChildText("b")).to.equal(allowedText(text));
      }),
    );
  });
});
