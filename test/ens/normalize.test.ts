import { ens_normalize } from "@adraffy/ens-normalize";
import { expect } from "chai";
import fc from "fast-check";
import { assertNormalized, normalizeName } from "../../src/ens/normalize.js";
import { expectError } from "../expectError.js";

/** Names that look like names, plain and not. */
const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }),
  fc.constantFrom("👩‍🚀", "ß", "Ⅷ", "xn--abc", "ab--c", "_x", "münchen", "１２"),
);
const anyName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));

function outcome(normalize: (name: string) => string, name: string): string {
  try {
    return normalize(name) || "refused";
  } catch {
    return "refused";
  }
}

describe("ens/normalize", () => {
  it("agrees with the reference implementation of ENSIP-15, its own short way included", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(outcome(normalizeName, name)).to.equal(outcome(ens_normalize, name));
      }),
      { numRuns: 2000 },
    );
  });

  it("lower-cases, and keeps emoji", () => {
    expect(normalizeName("Alice.Users.Example.ETH")).to.equal("alice.users.example.eth");
    expect(normalizeName("👩‍🚀.eth")).to.equal(ens_normalize("👩‍🚀.eth"));
  });

  it("names what is in the way", () => {
    expectError(() => normalizeName(""), "INVALID_NAME", /is empty/);
    expectError(
      () => normalizeName("a b.eth"),
      "INVALID_NAME",
      /no ENSIP-15 normal form \(.*disallowed/,
    );
    expectError(() => normalizeName("a..eth"), "INVALID_NAME", /empty label/);
    expectError(() => normalizeName("ab--c.eth"), "INVALID_NAME", /label extension/);
    expectError(() => normalizeName("a".repeat(1023)), "INVALID_NAME", /1023 characters/);
    expectError(
      () => {
        assertNormalized("Alice.eth");
      },
      "INVALID_NAME",
      /not in ENSIP-15 normal form; use "alice.eth"/,
    );
  });
});
