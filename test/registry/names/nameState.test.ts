import { expect } from "chai";
import { nameState, stateDigest, storedOf } from "../../../src/registry/names/nameState.js";
import { sampleName } from "../../db/sampleNames.js";

describe("registry/nameState", () => {
  it("leads back to the name as it is stored, with records of every kind and without them", () => {
    const absent = { contenthash: null, nameRecord: null, pubkey: null, profileFingerprint: null };
    const suspension = { by: "admin", reason: "spam", atMs: 1 } as const;
    for (const stored of [
      sampleName("full"),
      sampleName("bare", { ...absent, held: false }),
      sampleName("suspended", { suspension }),
    ]) {
      expect(storedOf(nameState(stored))).to.deep.equal(stored);
    }
  });

  it("has another digest for every other state, and one for no name", () => {
    const states = [
      sampleName("one"),
      sampleName("other"),
      sampleName("one", { held: false }),
      sampleName("one", { contenthash: null }),
      sampleName("one", { data: new Map() }),
      sampleName("one", { interfaces: new Map() }),
      sampleName("one", { abis: new Map() }),
    ].map(nameState);
    const digests = [...states, null].map((state) => stateDigest(state).join());
    expect(new Set(digests).size).to.equal(8);
  });
});
