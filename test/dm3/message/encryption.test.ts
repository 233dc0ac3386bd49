import { expect } from "chai";
import fc from "fast-check";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { sha256 } from "../../../src/abi/sha256.js";
import { decodeBase64, encodeBase64 } from "../../../src/dm3/base64.js";
import { decryptText, encryptText } from "../../../src/dm3/message/encryption.js";
import { padded, unpadded } from "../../../src/dm3/message/padding.js";
import { expectRejection } from "../../expectError.js";
import vectors from "../../vectors/crypto.json" with { type: "json" };
import { ENGINES, predictable } from "../crypto/engines.js";

const { sessionKeys, deterministicAsymmetric, asymmetric } = vectors;
const receiverKey = sessionKeys.receiver.publicKey;
const privateKey = decodeBase64(sessionKeys.receiver.privateKey);

/** "repeat(a,2047)" stands for that many letters. */
const plaintextOf = (text: string) =>
  text.replace(/^repeat\((.),(\d+)\)$/, (_, letter: string, count: string) =>
    letter.repeat(Number(count)),
  );

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`encryption, by the engine ${name}`, () => {
    const opened = async (encrypted: string) =>
      decryptText(engine, await engine.encryptionKey(privateKey), encrypted);

    for (const { name: length, key, nonce, plaintext, ...vector } of vectors.symmetric) {
      it(`seals and pads as the reference: ${length}`, async () => {
        const bytes = padded(plaintextOf(plaintext));
        const sealed = await engine.seal(decodeBase64(key), fromHex(nonce), bytes);
        expect(sealed.length).to.equal(vector.ciphertextLength);
        const { ciphertext, ciphertextSha256 } = vector.encrypted;
        if (ciphertext !== undefined) expect(encodeBase64(sealed)).to.equal(ciphertext);
        else expect(toHex(sha256(sealed))).to.equal(ciphertextSha256);
      });
    }

    it("makes the reference's bytes of the reference's key and nonce", async () => {
      const { plaintext, encrypted } = deterministicAsymmetric;
      const fresh = decodeBase64(sessionKeys.ephemeral.privateKey);
      const known = predictable(engine, fresh, fromHex(encrypted.nonce));
      const made = await encryptText(known, receiverKey, plaintext);
      expect(JSON.parse(made)).to.deep.equal(encrypted);
    });

    it("opens what the reference encrypted", async () => {
      for (const { plaintext, encrypted } of [deterministicAsymmetric, asymmetric]) {
        expect(await opened(JSON.stringify(encrypted))).to.deep.equal({ text: plaintext });
      }
    });

    for (const { name: what, encrypted, ...vector } of vectors.negative) {
      it(`refuses what the reference refuses: ${what}`, async () => {
        const key = "keyPair" in vector ? decodeBase64(vector.keyPair.privateKey) : privateKey;
        const receiver = await engine.encryptionKey(key);
        const expected = "ephemPublicKey" in encrypted ? null : "malformed";
        expect(await decryptText(engine, receiver, JSON.stringify(encrypted))).to.equal(expected);
      });
    }

    it("is read by every engine, and never the same twice", async () => {
      const text = fc.string({ unit: "binary", maxLength: 3000 }).filter((t) => t.isWellFormed());
      await fc.assert(
        fc.asyncProperty(text, async (text) => {
          const encrypted = await encryptText(engine, receiverKey, text);
          expect(await encryptText(engine, receiverKey, text)).not.to.equal(encrypted);
          for (const reader of Object.values(ENGINES)) {
            const receiver = await reader.encryptionKey(privateKey);
            expect(await decryptText(reader, receiver, encrypted)).to.deep.equal({ text });
          }
        }),
        { numRuns: 10 },
      );
    });

    it("refuses each field alone when it is changed, and only says malformed when it has to", async () => {
      const { ciphertext, ephemPublicKey, nonce } = asymmetric.encrypted;
      const flipped = (base64: string) => {
        const bytes = decodeBase64(base64);
        bytes[5]! ^= 1;
        return encodeBase64(bytes);
      };
      const changes: Readonly<Record<string, unknown>> = {
        ciphertext: flipped(ciphertext),
        ephemPublicKey: flipped(ephemPublicKey),
        nonce: nonce.replace(/.$/, nonce.endsWith("0") ? "1" : "0"),
      };
      for (const [field, value] of Object.entries(changes)) {
        const encrypted = JSON.stringify({ ...asymmetric.encrypted, [field]: value });
        expect(await opened(encrypted), field).to.equal(null);
        for (const wrong of [undefined, 7, null, "", "not base64", `${String(value)}AAAA`]) {
          if (field === "ciphertext" && wrong === "") continue; // too short for its tag
          const malformed = JSON.stringify({ ...asymmetric.encrypted, [field]: wrong });
          const expected =
            field === "ciphertext" && wrong === `${String(value)}AAAA` && value !== undefined
              ? [null, "malformed"]
              : ["malformed"];
          expect(expected, `${field} ${String(wrong)}`).to.include(await opened(malformed));
        }
      }
    });

    it("refuses a fresh key of small order, which would make the key known to all", async () => {
      const ephemPublicKey = encodeBase64(new Uint8Array(32));
      const encrypted = JSON.stringify({ ...asymmetric.encrypted, ephemPublicKey });
      expect(await opened(encrypted)).to.equal("malformed");
    });

    for (const key of [encodeBase64(new Uint8Array(32)), "", "A".repeat(44), "AAAA"]) {
      it(`encrypts nothing for the key ${JSON.stringify(key)}`, async () => {
        const made = encryptText(engine, key, "text");
        await expectRejection(made, "INVALID_PROFILE", /publicEncryptionKey/);
      });
    }

    it("says malformed to what was sealed for us without padding, or is not UTF-8", async () => {
      const notUtf8 = padded("");
      notUtf8.set([0xff, 0x80]);
      for (const bytes of [new Uint8Array(2048), new Uint8Array(5).fill(0x80), notUtf8]) {
        const instead = {
          ...engine,
          seal: (key: Uint8Array, nonce: Uint8Array) => engine.seal(key, nonce, bytes),
        };
        expect(await opened(await encryptText(instead, receiverKey, "x"))).to.equal("malformed");
      }
    });
  });
}

describe("padding", () => {
  it("is of whole blocks, and never none", () => {
    for (const [length, blocks] of [
      [0, 1],
      [2047, 1],
      [2048, 2],
      [4095, 2],
    ] as const) {
      expect(padded("a".repeat(length))).to.have.length(blocks * 2048);
    }
  });

  it("is taken away again, from any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 5000 }), (text) => {
        expect(new TextDecoder().decode(unpadded(padded(text))!)).to.equal(text);
      }),
    );
  });

  it("is none where the mark is missing, or stands before the last block", () => {
    const bytes = padded("a".repeat(2048));
    expect(unpadded(bytes)).to.have.length(2048);
    const early = new Uint8Array(4096);
    early[2047] = 0x80;
    for (const wrong of [new Uint8Array(2048), early, new Uint8Array(0), bytes.slice(1)]) {
      expect(unpadded(wrong)).to.equal(null);
    }
  });
});
