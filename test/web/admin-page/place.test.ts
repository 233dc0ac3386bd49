/** Places as URLs: each leads back to itself, and what a stranger writes leads to a view or to none. */
import { expect } from "chai";
import fc from "fast-check";
import {
  behind,
  hashOf,
  type Place,
  placeOf,
  SEARCHES,
} from "../../../src/web/admin-page/place.js";

const text = fc.string({ unit: "grapheme" });
const filled = fc.string({ unit: "grapheme", minLength: 1 });
const search = fc.option(fc.record({ by: fc.constantFrom(...SEARCHES), text: filled }));

const places: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ view: fc.constant("names" as const), search, after: text }),
  fc.record({ view: fc.constant("name" as const), name: filled, after: fc.nat() }),
  fc.record({ view: fc.constantFrom("keys" as const, "source" as const), after: text }),
  fc.record({ view: fc.constant("nodes" as const), nodesAfter: text, networksAfter: text }),
  fc.constant({ view: "domain" as const }),
);

describe("web/admin-page/place", () => {
  it("leads back to itself from the URL that it is", () => {
    fc.assert(
      fc.property(places, (place) => {
        // as a browser has it: location.hash is percent-encoded ASCII
        const { hash } = new URL(hashOf(place), "https://signpost.example/admin");
        expect(placeOf(hash)).to.deep.equal(place);
      }),
    );
  });

  it("begins with the names", () => {
    for (const hash of ["", "#", "#/", "#/names", "#/names/"]) {
      expect(placeOf(hash), hash).to.deep.equal({ view: "names", search: null, after: "" });
    }
  });

  it("has a list's beginning for no place in it", () => {
    expect(behind("")).to.deep.equal({});
    expect(behind("b.eth")).to.deep.equal({ after: "b.eth" });
  });

  it("is in words that people can read", () => {
    const name = "alice.users.example.eth";
    expect(hashOf({ view: "name", name, after: 0 })).to.equal(`#/names/${name}`);
    expect(hashOf({ view: "name", name, after: 50 })).to.equal(`#/names/${name}?after=50`);
    const bySearch = { view: "names", search: { by: "prefix", text: "al" }, after: "" } as const;
    expect(hashOf(bySearch)).to.equal("#/names?prefix=al");
  });

  it("is none for what no view is", () => {
    const wrong = ["#/other", "#names", "#/keys/1", "#/names/a/b", "#/names/%", "#/domain/x"];
    for (const hash of [...wrong, "#/names/a?after=x", "#/names/a?after=-1", "#javascript:0"]) {
      expect(placeOf(hash), hash).to.equal(null);
    }
  });
});
