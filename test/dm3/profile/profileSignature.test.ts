import { checkUserProfileWithAddress, getProfileCreationMessage } from "@dm3-org/dm3-lib-profile";
import { stringify as referenceStringify } from "@dm3-org/dm3-lib-shared";
import { expect } from "chai";
import fc from "fast-check";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import type { SignedUserProfile, UserProfile } from "../../../src/dm3/profile/profile.js";
import {
  assertSignedBy,
  profileCreationMessage,
  recoverProfileSigner,
} from "../../../src/dm3/profile/profileSignature.js";
import { checksumAddress, parseAddress } from "../../../src/ens/address.js";
import { expectError } from "../../expectError.js";
import vectors from "../../vectors/profiles.json" with { type: "json" };
import { alice, aliceAddress, people, personalSign, signedByAlice } from "./sampleProfiles.js";

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(encodeBase64);
const labels = fc.stringMatching(/^[a-z0-9]{1,20}$/);
const anyProfile: fc.Arbitrary<UserProfile> = fc.record({
  publicEncryptionKey: keys,
  publicSigningKey: keys,
  deliveryServices: fc.uniqueArray(
    labels.map((label) => `${label}.eth`),
    { minLength: 1, maxLength: 16 },
  ),
});

function refuse(signed: SignedUserProfile, message = /wallet|signature|field/): void {
  expectError(
    () => {
      assertSignedBy(aliceAddress, signed);
    },
    ["WRONG_SIGNER", "INVALID_PROFILE"],
    message,
  );
}

describe("signature of a profile", () => {
  for (const [name, person] of Object.entries(people)) {
    it(`is made over the message that the reference writes, for ${name}`, () => {
      const address = parseAddress(person.address);
      const message = profileCreationMessage(address, person.profile);
      expect(message).to.equal(person.profileCreationMessage);
      expect(toHex(personalSign(person.walletPrivateKey, message))).to.equal(
        person.profileSignature,
      );
      const signer = recoverProfileSigner(address, person.signedUserProfile);
      expect(checksumAddress(signer)).to.equal(person.address);
    });
  }

  for (const { name, address, signedUserProfile, expected } of vectors.signatureChecks) {
    it(`is judged like the reference's vector: ${name}`, () => {
      const check = (): void => {
        assertSignedBy(parseAddress(address), signedUserProfile);
      };
      if (expected) check();
      else expectError(check, "WRONG_SIGNER", /wallet/);
    });
  }

  it("names the wallet that should have signed", () => {
    const { signature } = people.mallory.signedUserProfile;
    const { address } = people.alice;
    refuse({ ...alice, signature }, new RegExp(`not signed by the wallet ${address}`));
  });

  it("does not hold for another address", () => {
    expectError(
      () => {
        assertSignedBy(parseAddress(people.bob.address), alice);
      },
      "WRONG_SIGNER",
      new RegExp(people.bob.address),
    );
  });

  it("does not hold when Mallory signs for Alice's address", () => {
    const message = profileCreationMessage(aliceAddress, people.mallory.profile);
    const signature = toHex(personalSign(people.mallory.walletPrivateKey, message));
    refuse({ profile: people.mallory.profile, signature }, /not signed by the wallet/);
  });

  it("holds in upper-case hex and with v as 0 or 1, as for the reference", () => {
    const bytes = fromHex(alice.signature);
    bytes[64]! -= 27;
    for (const signature of [toHex(bytes), `0x${alice.signature.slice(2).toUpperCase()}`]) {
      assertSignedBy(aliceAddress, { ...alice, signature });
      const signed = { profile: people.alice.profile, signature };
      expect(checkUserProfileWithAddress(signed, people.alice.address)).to.equal(true);
    }
  });

  it("of another form is refused as malformed", () => {
    const signature = alice.signature.replace(/..$/, "1d");
    expectError(
      () => recoverProfileSigner(aliceAddress, { ...alice, signature }),
      "INVALID_PROFILE",
      /\(v\)/,
    );
  });

  it("with a high s is refused, although the reference takes it", () => {
    const bytes = fromHex(alice.signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = order - BigInt(toHex(bytes.subarray(32, 64)));
    bytes.set(fromHex(`0x${highS.toString(16).padStart(64, "0")}`), 32);
    bytes[64] = 55 - bytes[64]!;
    const signed = { profile: people.alice.profile, signature: toHex(bytes) };
    expect(checkUserProfileWithAddress(signed, people.alice.address)).to.equal(true);
    expectError(
      () => {
        assertSignedBy(aliceAddress, signed);
      },
      "INVALID_PROFILE",
      /high s/,
    );
  });

  it("verifies here and in the reference for any profile", () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const message = profileCreationMessage(aliceAddress, profile);
        const text = referenceStringify(profile);
        expect(message).to.equal(getProfileCreationMessage(text, people.alice.address));
        const signed = signedByAlice(profile);
        assertSignedBy(aliceAddress, signed);
        const forReference = {
          ...signed,
          profile: { ...profile, deliveryServices: [...profile.deliveryServices] },
        };
        expect(checkUserProfileWithAddress(forReference, people.alice.address)).to.equal(true);
      }),
      { numRuns: 20 },
    );
  });

  describe("does not survive one changed character", () => {
    const { profile } = alice;
    /** Every way to put a changed text into one field of Alice's signed profile. */
    const fields: Record<string, [text: string, put: (text: string) => SignedUserProfile]> = {
      publicEncryptionKey: [
        profile.publicEncryptionKey,
        (text) => ({ ...alice, profile: { ...profile, publicEncryptionKey: text } }),
      ],
      publicSigningKey: [
        profile.publicSigningKey,
        (text) => ({ ...alice, profile: { ...profile, publicSigningKey: text } }),
      ],
      deliveryServices: [
        profile.deliveryServices[0]!,
        (text) => ({ ...alice, profile: { ...profile, deliveryServices: [text] } }),
      ],
      signature: [alice.signature, (signature) => ({ ...alice, signature })],
    };
    for (const [field, [text, put]] of Object.entries(fields)) {
      it(`in ${field}`, () => {
        const character = fc.stringMatching(field === "signature" ? /^[0-9a-f]$/ : /^[a-zA-Z0-9]$/);
        fc.assert(
          fc.property(fc.nat(text.length - 1), character, (position, other) => {
            fc.pre(text[position] !== other);
            refuse(put(text.slice(0, position) + other + text.slice(position + 1)));
          }),
          { numRuns: 60 },
        );
      });
    }

    it("in the order of the relay nodes", () => {
      const { signedUserProfile } = people.bob;
      const deliveryServices = [...signedUserProfile.profile.deliveryServices].reverse();
      const reordered = {
        ...signedUserProfile,
        profile: { ...signedUserProfile.profile, deliveryServices },
      };
      expectError(
        () => {
          assertSignedBy(parseAddress(people.bob.address), reordered);
        },
        "WRONG_SIGNER",
        /wallet/,
      );
    });
  });
});
