import { expect } from "chai";
import { profileFingerprint } from "../../../src/registry/names/profileFingerprint.js";
import { bytes } from "../../db/sampleNames.js";
import { alice, people } from "../../dm3/profile/sampleProfiles.js";

const OWNER = bytes(20, 1);

describe("registry/profileFingerprint", () => {
  const { profile } = alice;
  const fingerprint = profileFingerprint(OWNER, profile);

  it("is 32 bytes that do not depend on the order of the fields", () => {
    expect(fingerprint).to.have.length(32);
    const reversed = Object.fromEntries(Object.entries(profile).reverse()) as typeof profile;
    expect(Object.keys(reversed)).not.to.deep.equal(Object.keys(profile));
    expect(profileFingerprint(OWNER, reversed)).to.deep.equal(fingerprint);
  });

  it("differs with the owner and with every field", () => {
    const other = people.bob.signedUserProfile.profile;
    const { publicEncryptionKey, publicSigningKey } = other;
    const others = [
      profileFingerprint(bytes(20, 2), profile),
      profileFingerprint(OWNER, { ...profile, publicEncryptionKey }),
      profileFingerprint(OWNER, { ...profile, publicSigningKey }),
      profileFingerprint(OWNER, { ...profile, deliveryServices: ["b.eth", "a.eth"] }),
      profileFingerprint(OWNER, { ...profile, deliveryServices: ["a.eth", "b.eth"] }),
    ];
    const seen = new Set([fingerprint, ...others].map((each) => each.join()));
    expect(seen.size).to.equal(others.length + 1);
  });
});
