import { createStorageKey, getStorageKeyCreationMessage } from "@dm3-org/dm3-lib-crypto";
import { DEFAULT_NONCE } from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../src/abi/hex.js";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import {
  DEFAULT_STORAGE_KEY_NONCE,
  storageKeyCreationMessage,
  storageKeyOf,
} from "../../../src/dm3/keys/storageKey.js";
import { addressFrom, checksumAddress, parseAddress } from "../../../src/ens/address.js";
import vectors from "../../vectors/keys.json" with { type: "json" };
import { people, personalSign } from "../profile/sampleProfiles.js";

describe("storage key", () => {
  it("has dm3's default nonce", () => {
    expect(DEFAULT_STORAGE_KEY_NONCE).to.equal(vectors.defaultNonce.value);
    expect(DEFAULT_STORAGE_KEY_NONCE).to.equal(DEFAULT_NONCE);
  });

  for (const { signatureString, storageKey } of vectors.storageKey) {
    it(`hashes the characters of the signature ${signatureString.slice(0, 8)}`, () => {
      expect(encodeBase64(storageKeyOf(signatureString))).to.equal(storageKey);
    });
  }

  for (const [name, person] of Object.entries(people)) {
    it(`is made from the message that ${name}'s wallet signs`, () => {
      const message = storageKeyCreationMessage(parseAddress(person.address));
      expect(message).to.equal(person.storageKeyCreationMessage);
      const signature = toHex(personalSign(person.walletPrivateKey, message));
      expect(signature).to.equal(person.storageKeySignature);
      expect(encodeBase64(storageKeyOf(signature))).to.equal(person.storageKey);
    });
  }

  it("agrees with the reference on any address, nonce and signature", async () => {
    const addresses = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(addressFrom);
    await fc.assert(
      fc.asyncProperty(addresses, fc.string(), async (address, text) => {
        expect(storageKeyCreationMessage(address, text)).to.equal(
          getStorageKeyCreationMessage(text, checksumAddress(address)),
        );
        expect(encodeBase64(storageKeyOf(text))).to.equal(await createStorageKey(text));
      }),
      { numRuns: 50 },
    );
  });
});
