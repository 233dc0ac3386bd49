import { nameprep } from "@ethersproject/strings";
import { expect } from "chai";
import fc from "fast-check";
import { normalizeName, type NormalName } from "../../../src/ens/normalize.js";
import { isSignpostError } from "../../../src/errors.js";
import {
  localPartOfName,
  LONGEST_LOCAL_PART,
  nameOfLocalPart,
  type NetworkKind,
} from "../../../src/messaging/address/virtualAddress.js";

const KINDS: readonly NetworkKind[] = ["mail", "xmpp"];

/** Random names in normal form, of many scripts, and of the characters of the rule's own marks. */
const NAMES = fc
  .array(
    fc.oneof(
      fc.string({
        unit: fc.constantFrom("a", "b", "h", "x", "0", "1", "-", "_"),
        minLength: 1,
        maxLength: 30,
      }),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
      fc.constantFrom("jürgen", "ελλάδα", "東京", "👨‍👩‍👧", "ßen", "h-a", "x-a", "0xab"),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((labels) => labels.join("."))
  .map((name) => {
    try {
      return normalizeName(name);
    } catch (error) {
      if (isSignpostError(error, "INVALID_NAME")) return null;
      throw error;
    }
  })
  .filter((name) => name !== null);

describe("messaging/address/virtualAddress", () => {
  const written = (name: string, kind: NetworkKind = "mail") =>
    localPartOfName(normalizeName(name), kind).written;

  it("writes plain names as they are, and all others in letters and digits", () => {
    expect(written("alice.eth")).to.equal("alice.eth");
    expect(written("a-b.users.example.eth")).to.equal("a-b.users.example.eth");
    expect(written("jürgen.eth")).to.equal("x-nlb3y4thmvxc4zluna");
    expect(written("_bob.eth")).to.match(/^x-[a-z2-7]+$/);
    expect(written("-bob.eth")).to.match(/^x-[a-z2-7]+$/);
    // names that look like marks
    expect(written("x-alice.eth")).to.match(/^x-[a-z2-7]+$/);
    expect(written("h-alice.eth")).to.match(/^x-[a-z2-7]+$/);
  });

  it("leads back, for every name that fits, and says where only a table does", () => {
    let hashed = 0;
    fc.assert(
      fc.property(NAMES, fc.constantFrom(...KINDS), (name, kind) => {
        const { written, isReversible } = localPartOfName(name, kind);
        expect(written).to.match(/^[a-z0-9][a-z0-9.-]*$/);
        expect(written.length).to.be.at.most(LONGEST_LOCAL_PART[kind]);
        if (!isReversible) hashed++;
        expect(nameOfLocalPart(written, kind)).to.deep.equal(isReversible ? { name } : "hashed");
      }),
      { numRuns: 500 },
    );
    expect(hashed).to.be.above(0);
  });

  it("writes different names differently, also where one looks like another one that is written", () => {
    fc.assert(
      fc.property(NAMES, NAMES, fc.constantFrom(...KINDS), (one, other, kind) => {
        expect(written(one, kind) === written(other, kind)).to.equal(one === other);
        const again = written(one, kind) as NormalName;
        if (again !== one) expect(written(again, kind)).not.to.equal(again);
      }),
      { numRuns: 500 },
    );
  });

  // each pair is two names of ENS, and one local part for a server that prepares it (RFC 3920, nodeprep; nameprep for these)
  for (const [one, other] of [
    ["straße.eth", "strasse.eth"],
    ["σίγμας.eth", "σίγμασ.eth"],
  ] as const) {
    it(`keeps ${one} and ${other} apart, which a server takes for one`, () => {
      for (const name of [one, other]) expect(normalizeName(name)).to.equal(name);
      expect(nameprep(one)).to.equal(nameprep(other));
      for (const kind of KINDS) {
        const parts = [written(one, kind), written(other, kind)];
        expect(new Set(parts)).to.have.length(2);
        for (const part of parts)
          expect(nameprep(part.replaceAll("-", ""))).to.equal(part.replaceAll("-", ""));
      }
    });
  }

  for (const [problem, localPart] of [
    ["upper case", "Alice.eth"],
    ["an address that would have been written plainly", "x-mfwgsy3ffzsxi2a"],
    ["bits left over", "x-nlb3y4thmvxc4zlunb"],
    ["a digit that is none of base32", "x-nlb3y4thmvxc4zlun1"],
    ["bytes that are no UTF-8", "x-74"],
    ["a name that is not in normal form", "x-jlb3y4thmvxc4zluna"],
    ["a hash that is too short", "h-abc"],
    ["a label that is empty", "alice..eth"],
    ["nothing", ""],
  ] as const) {
    it(`knows nobody by ${problem}`, () => {
      for (const kind of KINDS) expect(nameOfLocalPart(localPart, kind)).to.equal(null);
    });
  }
});
