import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { hashMessage, verifyMessage, Wallet } from "ethers";
import fc from "fast-check";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { personalMessageDigest, recoverSigner } from "../../../src/dm3/keys/walletSignature.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { expectError } from "../../expectError.js";
import { people, personalSign } from "../profile/sampleProfiles.js";

const message = "any text";
const digest = personalMessageDigest(message);
const signature = personalSign(people.alice.walletPrivateKey, message);
const order = secp256k1.Point.CURVE().n;

const wordOf = (value: bigint): Uint8Array => fromHex(`0x${value.toString(16).padStart(64, "0")}`);

/** The signature with bytes replaced from `offset` on. */
function changed(offset: number, bytes: Uint8Array | number[]): Uint8Array {
  const copy = signature.slice();
  copy.set(bytes, offset);
  return copy;
}

describe("wallet signatures", () => {
  for (const [name, person] of Object.entries(people)) {
    it(`have the digest of the vectors, for ${name}`, () => {
      const hash = personalMessageDigest(person.profileCreationMessage);
      expect(toHex(hash)).to.equal(person.eip191Digest);
    });
  }

  it("are recovered as by ethers, for any key and text", async () => {
    const keys = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .filter((k) => k.some((b) => b > 0));
    await fc.assert(
      fc.asyncProperty(keys, fc.string({ unit: "grapheme" }), async (key, text) => {
        const wallet = new Wallet(toHex(key));
        const signed = await wallet.signMessage(text);
        const textDigest = personalMessageDigest(text);
        expect(toHex(textDigest)).to.equal(hashMessage(text));
        const signer = recoverSigner(textDigest, fromHex(signed), "INVALID_REQUEST");
        expect(checksumAddress(signer)).to.equal(verifyMessage(text, signed));
        expect(checksumAddress(signer)).to.equal(wallet.address);
      }),
      { numRuns: 20 },
    );
  });

  for (const [spelling, other] of [
    ["v as 0 or 1", () => changed(64, [signature[64]! - 27])],
    ["v as 37 or 38", () => changed(64, [signature[64]! + 10])],
    ["64 bytes (EIP-2098)", () => compactOf(signature)],
  ] as const) {
    it(`may be written with ${spelling}`, () => {
      const signer = recoverSigner(digest, other(), "INVALID_REQUEST");
      expect(checksumAddress(signer)).to.equal(people.alice.address);
    });
  }

  /** The parity in the highest bit of s. */
  function compactOf(whole: Uint8Array): Uint8Array {
    const compact = whole.slice(0, 64);
    compact[32]! |= whole[64] === 28 ? 0x80 : 0;
    return compact;
  }

  it("give another address with the other v", () => {
    const other = recoverSigner(digest, changed(64, [55 - signature[64]!]), "INVALID_REQUEST");
    expect(checksumAddress(other)).not.to.equal(people.alice.address);
  });

  for (const v of [2, 3, 26, 29, 30, 35, 36, 39, 255]) {
    it(`are refused with v = ${v}`, () => {
      const recover = (): unknown => recoverSigner(digest, changed(64, [v]), "INVALID_PROFILE");
      expectError(recover, "INVALID_PROFILE", new RegExp(`\\(v\\) .* it is ${v}\\.`));
    });
  }

  it("are refused with the high s that belongs to the same key", () => {
    const s = BigInt(toHex(signature.subarray(32, 64)));
    const twin = changed(32, [...wordOf(order - s), 55 - signature[64]!]);
    expectError(() => recoverSigner(digest, twin, "INVALID_REQUEST"), "INVALID_REQUEST", /high s/);
  });

  for (const length of [0, 63, 66]) {
    it(`are refused with ${length} bytes`, () => {
      const recover = (): unknown =>
        recoverSigner(digest, new Uint8Array(length), "INVALID_REQUEST");
      expectError(recover, "INVALID_REQUEST", /65 bytes/);
    });
  }

  for (const [rule, altered] of [
    ["r = 0", changed(0, wordOf(0n))],
    ["r = n", changed(0, wordOf(order))],
    ["s = 0", changed(32, wordOf(0n))],
    ["s = n", changed(32, wordOf(order))],
    // 5 is no x coordinate of the curve.
    ["r that is on no point", changed(0, wordOf(5n))],
  ] as const) {
    it(`are nobody's with ${rule}`, () => {
      const recover = (): unknown => recoverSigner(digest, altered, "INVALID_REQUEST");
      expectError(recover, "WRONG_SIGNER", /No key/);
    });
  }
});
