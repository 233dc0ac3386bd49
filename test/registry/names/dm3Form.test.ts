/** How dm3's clients fold names: the reference is what they call, ethers' nameprep. */
import { expect } from "chai";
import { utils } from "ethers5";
import fc from "fast-check";
import { normalizeName } from "../../../src/ens/normalize.js";
import { isSignpostError } from "../../../src/errors.js";
import { dm3FormOf, isUsableByDm3, sharedDm3Form } from "../../../src/registry/names/dm3Form.js";

const reference = (name: string): string | null => {
  try {
    return utils.nameprep(name);
  } catch {
    return null;
  }
};

const LETTERS = "a b s 0 1 9 - _ . $ ß ς σ ä ö é 日 本 ж ☎ ❤ 🔥 ss -- xn--".split(" ");

/** What the indexes of migration 0015 are made of. */
const inSql = (name: string) => name.replaceAll("ß", "ss").replaceAll("ς", "σ");

/** In normal form, or null. */
function normal(name: string): string | null {
  try {
    return normalizeName(name);
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}

describe("registry/dm3Form", () => {
  it("is what ethers 5 makes of a name", () => {
    const letters = fc.constantFrom(...LETTERS);
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 12 }), (given) => {
        const name = normal(given.join(""));
        if (name === null) return;
        expect(dm3FormOf(name), name).to.equal(reference(name));
        const form = dm3FormOf(name);
        if (form !== null) expect(inSql(name), name).to.equal(form);
      }),
      { numRuns: 3000 },
    );
  });

  it("differs by two letters alone, of all that a name can hold", function () {
    this.timeout(180_000);
    const changed: string[] = [];
    for (let codePoint = 0x80; codePoint < 0x20000; codePoint++) {
      if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
      // most of them are ideographs, of which some stand for all
      if (codePoint >= 0x3400 && codePoint % 64 !== 0) continue;
      const name = `${String.fromCodePoint(codePoint)}.eth`;
      if (normal(name) !== name) continue;
      const form = dm3FormOf(name);
      if (form !== null && form !== name) changed.push(name);
    }
    expect(changed).to.deep.equal(["ß.eth", "ς.eth"]);
  });

  it("is shared by names that fold to one, and by no emoji", () => {
    expect(sharedDm3Form("größe.eth")).to.equal("grösse.eth");
    expect(sharedDm3Form("grösse.eth")).to.equal("grösse.eth");
    expect(sharedDm3Form("alice.eth")).to.equal(null);
    expect(sharedDm3Form("größe🔥.eth")).to.equal(null);
    expect(
      ["alice.eth", "größe.eth", "grösse.eth", "🔥.eth", "☎.eth"].map(isUsableByDm3),
    ).to.deep.equal([true, false, true, false, true]);
  });
});
