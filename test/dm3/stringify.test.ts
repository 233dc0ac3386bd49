import { sha256 as referenceSha256, stringify as reference } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import fc from "fast-check";
import { dm3Hash, sha256Hex, stringify } from "../../src/dm3/stringify.js";
import { expectError } from "../expectError.js";
import profiles from "../vectors/profiles.json" with { type: "json" };
import vectors from "../vectors/stringify.json" with { type: "json" };
import { alice } from "./profile/sampleProfiles.js";

/** The vectors write `undefined`, which JSON has not, as a marked string. */
function parseVector(inputJs: string): unknown {
  const json = JSON.parse(inputJs) as unknown;
  const restore = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(restore) : value === "__undefined__" ? undefined : value;
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, restore(value)]))
    : json;
}

describe("canonical JSON of dm3", () => {
  for (const { inputJs, output, sha256 } of vectors.cases) {
    it(`writes ${inputJs} as the reference does`, () => {
      const value = parseVector(inputJs);
      expect(stringify(value)).to.equal(output);
      expect(sha256Hex(output)).to.equal(sha256);
      expect(dm3Hash(value)).to.equal(sha256);
    });
  }

  it("equals the reference on any JSON, and reads back as the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const text = stringify(json);
        expect(text).to.equal(reference(json));
        expect(stringify(JSON.parse(text))).to.equal(text);
        expect(dm3Hash(json)).to.equal(referenceSha256(reference(json)));
      }),
    );
  });

  it("equals the reference on what only programs write", () => {
    const values = [{ b: 1, 10: 2, 9: 3, "\ud800": "\u2028\0", a: [undefined, () => 0, -0, NaN] }];
    for (const value of [...values, new Date(0), { n: 12n, d: new Date(1) }, [Symbol("a")], -0]) {
      expect(stringify(value)).to.equal(reference(value));
    }
  });

  it("does not depend on the order of keys", () => {
    const { input, stringified } = profiles.stringificationIsKeyOrderIndependent;
    expect(stringify(JSON.parse(input))).to.equal(stringified);
  });

  it("drops members that are undefined", () => {
    expect(stringify({ b: undefined, a: 1 })).to.equal('{"a":1}');
  });

  it("hashes Alice's profile to the dm3Hash of the vectors", () => {
    expect(dm3Hash(alice)).to.equal(profiles.dm3Hash.alice);
  });

  it("refuses what has no JSON form", () => {
    expectError(() => stringify(undefined), "INVALID_PROFILE", /no JSON form/);
  });

  it("refuses nesting that would exhaust the stack", () => {
    const deep = JSON.parse("[".repeat(200_000) + "]".repeat(200_000)) as unknown;
    expectError(() => stringify(deep), "INVALID_PROFILE", /deep nesting/);
  });
});
