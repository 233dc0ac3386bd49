/** User names as labels, by a fixed rule. */
import { expect } from "chai";
import { labelOf } from "../../src/ens/labelOf.js";
import { expectError } from "../expectError.js";

describe("ens/labelOf", () => {
  it("folds case, and makes one hyphen of what separates words", () => {
    const cases: Record<string, string> = {
      Ada: "ada",
      ADA: "ada",
      jane_doe: "jane-doe",
      "bob.jones": "bob-jones",
      "  Jane   Doe ": "jane-doe",
      "@ada": "ada",
      "a--b": "a-b",
      _ada_: "ada",
      "x-_.y": "x-y",
      Größe: "größe",
      "o'brien": "o’brien",
      "ada😀": "ada😀",
    };
    for (const [userName, label] of Object.entries(cases)) {
      expect(labelOf(userName), userName).to.equal(label);
      expect(labelOf(label), `${label} again`).to.equal(label);
    }
  });

  it("refuses what no label can be made of", () => {
    for (const userName of ["", "  ", "@", "...", "___"]) {
      expectError(() => labelOf(userName), "INVALID_NAME", /no character that a label can have/);
    }
    for (const userName of ["ada@mail.example", "a/b", "ada!", "a\u0000b", "аda"]) {
      expectError(() => labelOf(userName), "INVALID_NAME", /normal form|more than one label/);
    }
    // two labels, by ENSIP-15's mapping of other full stops
    expectError(() => labelOf("a．b"), "INVALID_NAME", /more than one label|normal form/);
    expectError(() => labelOf("x".repeat(10_000)), "INVALID_NAME", /characters long/);
  });
});
