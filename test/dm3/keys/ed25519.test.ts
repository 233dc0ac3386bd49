import { checkSignature, sign } from "@dm3-org/dm3-lib-crypto";
import { expect } from "chai";
import fc from "fast-check";
import { decodeBase64, encodeBase64 } from "../../../src/dm3/base64.js";
import { assertTextSignedBy, signText } from "../../../src/dm3/keys/ed25519.js";
import { deriveSigningKeyPair } from "../../../src/dm3/keys/keys.js";
import { expectError } from "../../expectError.js";
import auth from "../../vectors/auth.json" with { type: "json" };
import { people } from "../profile/sampleProfiles.js";

const key = auth.publicSigningKey;
const privateKey = decodeBase64(people.alice.keys.signingKeyPair.privateKey);
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("text signed with a profile's signing key", () => {
  for (const [what, text, signature] of [
    ["a delivery service's challenge", auth.challenge, auth.signature],
    ["an alias", auth.aliasSignature.message, auth.aliasSignature.signature],
    ["a removal", auth.removeSignature.message, auth.removeSignature.signature],
  ] as const) {
    it(`is signed and verified as by the reference: ${what}`, () => {
      expect(signText(privateKey, text)).to.equal(signature);
      assertTextSignedBy(key, text, signature);
    });

    it(`is refused with one character changed: ${what}`, () => {
      expectError(
        () => {
          assertTextSignedBy(key, `${text}.`, signature);
        },
        "WRONG_SIGNER",
        /not by the profile's signing key/,
      );
    });
  }

  it("is understood by the reference, and the reference's by us", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.string({ unit: "grapheme" }), async (seed, text) => {
        const pair = deriveSigningKeyPair(seed);
        const publicKey = encodeBase64(pair.publicKey);
        const signature = signText(pair.privateKey, text);
        expect(await checkSignature(publicKey, text, signature)).to.equal(true);
        expect(await sign(encodeBase64(pair.privateKey), text)).to.equal(signature);
        assertTextSignedBy(publicKey, text, signature);
      }),
      { numRuns: 25 },
    );
  });

  it("is refused with any one bit of the signature flipped", () => {
    const signature = decodeBase64(auth.aliasSignature.signature);
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const flipped = signature.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expectError(
          () => {
            assertTextSignedBy(key, auth.aliasSignature.message, encodeBase64(flipped));
          },
          "WRONG_SIGNER",
          /not by the profile's signing key/,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("is refused under another key", () => {
    const mallory = people.mallory.profile.publicSigningKey;
    expectError(
      () => {
        assertTextSignedBy(mallory, auth.challenge, auth.signature);
      },
      "WRONG_SIGNER",
      /signing key/,
    );
  });

  it("is refused under the key of small order, which would verify any text by ZIP 215", () => {
    // Public key and R are the neutral element, S is 0: the equation holds for every message.
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const signature = new Uint8Array(64);
    signature[0] = 1;
    expectError(
      () => {
        assertTextSignedBy(encodeBase64(identity), "anything", encodeBase64(signature));
      },
      "WRONG_SIGNER",
      /signing key/,
    );
  });

  for (const [field, publicKey, signature] of [
    ["publicSigningKey", encodeBase64(new Uint8Array(31)), auth.signature],
    ["publicSigningKey", encodeBase64(new Uint8Array(100)), auth.signature],
    ["signature", key, encodeBase64(new Uint8Array(63))],
    ["signature", key, ""],
  ] as const) {
    it(`is not verified with a ${field} of a wrong length (${publicKey.length}, ${signature.length})`, () => {
      expectError(
        () => {
          assertTextSignedBy(publicKey, auth.challenge, signature);
        },
        "INVALID_REQUEST",
        new RegExp(`field ${field} `),
      );
    });
  }

  it("is not verified with a signature that is not base64", () => {
    expectError(
      () => {
        assertTextSignedBy(key, auth.challenge, "0x1234");
      },
      "INVALID_REQUEST",
      /canonical base64/,
    );
  });

  it("is not signed with the seed alone", () => {
    const seed = privateKey.subarray(0, 32);
    expectError(() => signText(seed, "alias: a.eth"), "INVALID_REQUEST", /64 bytes/);
  });
});
