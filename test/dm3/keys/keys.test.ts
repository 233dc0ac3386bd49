import { createKeyPair, createSigningKeyPair } from "@dm3-org/dm3-lib-crypto";
import { createProfileKeys } from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import fc from "fast-check";
import { decodeBase64, encodeBase64 } from "../../../src/dm3/base64.js";
import {
  deriveEncryptionKeyPair,
  deriveProfileKeys,
  deriveSigningKeyPair,
  type KeyPair,
  publicKeyFields,
} from "../../../src/dm3/keys/keys.js";
import { storageKeyOf } from "../../../src/dm3/keys/storageKey.js";
import { expectError } from "../../expectError.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };
import vectors from "../../vectors/keys.json" with { type: "json" };
import { people } from "../profile/sampleProfiles.js";

function inBase64({ publicKey, privateKey }: KeyPair): { publicKey: string; privateKey: string } {
  return { publicKey: encodeBase64(publicKey), privateKey: encodeBase64(privateKey) };
}

describe("profile keys", () => {
  for (const { name, seed, encryptionKeyPair, signingKeyPair } of vectors.cases) {
    it(`are those of the reference for the seed ${name}`, () => {
      const keys = deriveProfileKeys(decodeBase64(seed));
      expect(inBase64(keys.encryptionKeyPair)).to.deep.equal(encryptionKeyPair);
      expect(inBase64(keys.signingKeyPair)).to.deep.equal(signingKeyPair);
    });
  }

  for (const [name, person] of Object.entries(people)) {
    it(`come from the wallet's signature, for ${name}`, () => {
      const keys = deriveProfileKeys(storageKeyOf(person.storageKeySignature));
      expect(inBase64(keys.encryptionKeyPair)).to.deep.equal(person.keys.encryptionKeyPair);
      expect(inBase64(keys.signingKeyPair)).to.deep.equal(person.keys.signingKeyPair);
      const { deliveryServices } = person.profile;
      expect({ ...publicKeyFields(keys), deliveryServices }).to.deep.equal(person.profile);
    });
  }

  for (const { ensName, seeds, keys } of services.deliveryServices) {
    it(`of the delivery service ${ensName} come from a seed each`, () => {
      const encryption = deriveEncryptionKeyPair(decodeBase64(seeds.encryption));
      const signing = deriveSigningKeyPair(decodeBase64(seeds.signing));
      expect(inBase64(encryption)).to.deep.equal(keys.encryptionKeyPair);
      expect(inBase64(signing)).to.deep.equal(keys.signingKeyPair);
    });
  }

  it("equal those of the reference libraries for any seed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
        const seed = encodeBase64(bytes);
        const keys = deriveProfileKeys(bytes);
        expect(inBase64(keys.encryptionKeyPair)).to.deep.equal(await createKeyPair(seed));
        expect(inBase64(keys.signingKeyPair)).to.deep.equal(await createSigningKeyPair(seed));
        const reference = await createProfileKeys(seed, "0x00");
        expect(inBase64(keys.encryptionKeyPair)).to.deep.equal(reference.encryptionKeyPair);
      }),
      { numRuns: 25 },
    );
  });

  for (const length of [0, 31, 33]) {
    it(`are not derived from a seed of ${length} bytes`, () => {
      const seed = new Uint8Array(length);
      expectError(() => deriveProfileKeys(seed), "INVALID_REQUEST", /has 32 bytes/);
      expectError(() => deriveSigningKeyPair(seed), "INVALID_REQUEST", /has 32 bytes/);
    });
  }
});
