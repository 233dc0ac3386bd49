import { expect } from "chai";
import fc from "fast-check";
import { sameBytes } from "../../../src/abi/bytes.js";
import { decodeBase64, encodeBase64 } from "../../../src/dm3/base64.js";
import { workingEngine } from "../../../src/dm3/crypto/workingEngine.js";
import { expectError, expectRejection } from "../../expectError.js";
import vectors from "../../vectors/crypto.json" with { type: "json" };
import keyVectors from "../../vectors/keys.json" with { type: "json" };
import { people } from "../profile/sampleProfiles.js";
import { ENGINES } from "./engines.js";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anyBytes = fc.uint8Array({ maxLength: 5000 });

for (const [name, engine] of Object.entries(ENGINES)) {
  describe(`crypto engine: ${name}`, () => {
    for (const { name: seedName, encryptionKeyPair, signingKeyPair } of keyVectors.cases) {
      it(`computes the public halves of the reference's keys: ${seedName}`, async () => {
        const encryption = await engine.encryptionKey(decodeBase64(encryptionKeyPair.privateKey));
        expect(encodeBase64(encryption.publicKey)).to.equal(encryptionKeyPair.publicKey);
        const seed = decodeBase64(signingKeyPair.privateKey).subarray(0, 32);
        const signing = await engine.signingKey(seed);
        expect(encodeBase64(signing.publicKey)).to.equal(signingKeyPair.publicKey);
      });
    }

    for (const { message, signature } of vectors.signatures) {
      it(`signs and verifies as the reference: ${message}`, async () => {
        const { publicKey, privateKey } = people.alice.keys.signingKeyPair;
        const key = await engine.signingKey(decodeBase64(privateKey).subarray(0, 32));
        const text = new TextEncoder().encode(message);
        expect(encodeBase64(await key.sign(text))).to.equal(signature);
        expect(
          await engine.verify(decodeBase64(publicKey), text, decodeBase64(signature)),
        ).to.equal(true);
      });
    }

    it("refuses a signature with any one bit changed, and under another key", async () => {
      const key = await engine.signingKey(new Uint8Array(32).fill(7));
      const text = new TextEncoder().encode("hello");
      const signature = await key.sign(text);
      const other = await engine.signingKey(new Uint8Array(32).fill(8));
      expect(await engine.verify(other.publicKey, text, signature)).to.equal(false);
      await fc.assert(
        fc.asyncProperty(fc.nat(511), async (bit) => {
          const flipped = signature.slice();
          flipped[bit >> 3]! ^= 1 << (bit & 7);
          expect(await engine.verify(key.publicKey, text, flipped)).to.equal(false);
        }),
        { numRuns: 30 },
      );
    });

    it("agrees on the session key of the reference's key pairs", async () => {
      const { ephemeral, receiver, sender } = vectors.sessionKeys;
      const own = await engine.encryptionKey(decodeBase64(ephemeral.privateKey));
      const their = await engine.encryptionKey(decodeBase64(receiver.privateKey));
      const secret = await own.agree(their.publicKey);
      expect(await their.agree(own.publicKey)).to.deep.equal(secret);
      const input = Buffer.concat([secret!, own.publicKey, their.publicKey]);
      const keys = await engine.blake2b512(new Uint8Array(input));
      expect(encodeBase64(keys.subarray(0, 32))).to.equal(sender.sharedRx);
      expect(encodeBase64(keys.subarray(32))).to.equal(sender.sharedTx);
    });

    it("shares no secret with a key of small order", async () => {
      const own = await engine.encryptionKey(new Uint8Array(32).fill(9));
      for (const first of [0, 1]) {
        const point = new Uint8Array(32);
        point[0] = first;
        expect(await own.agree(point)).to.equal(null);
      }
    });

    it("opens what was sealed, and nothing that was changed", async () => {
      await fc.assert(
        fc.asyncProperty(bytes(32), bytes(12), anyBytes, fc.nat(), async (key, nonce, text, at) => {
          const sealed = await engine.seal(key, nonce, text);
          expect(sealed.length).to.equal(text.length + 16);
          expect(sameBytes((await engine.open(key, nonce, sealed))!, text)).to.equal(true);
          for (const input of [sealed, key, nonce]) {
            const changed = input.slice();
            changed[at % changed.length]! ^= 1;
            const opened = await engine.open(
              input === key ? changed : key,
              input === nonce ? changed : nonce,
              input === sealed ? changed : sealed,
            );
            expect(opened).to.equal(null);
          }
          expect(await engine.open(key, nonce, sealed.subarray(0, 15))).to.equal(null);
        }),
        { numRuns: 30 },
      );
    });

    it("makes a new key pair and new random bytes each time", async () => {
      const [one, other] = [await engine.freshEncryptionKey(), await engine.freshEncryptionKey()];
      expect(await one.agree(other.publicKey)).to.deep.equal(await other.agree(one.publicKey));
      expect(sameBytes(one.publicKey, other.publicKey)).to.equal(false);
      expect(sameBytes(engine.entropy(32), engine.entropy(32))).to.equal(false);
      expect(engine.entropy(12)).to.have.length(12);
    });

    it("takes no key, nonce or signature of another length", async () => {
      const refuses = (action: () => unknown, what: RegExp) => {
        expectError(action, "INVALID_REQUEST", what);
      };
      const [short, long] = [new Uint8Array(31), new Uint8Array(33)];
      const right = new Uint8Array(32);
      for (const wrong of [short, long]) {
        await expectRejection(
          Promise.resolve(engine.encryptionKey(wrong)),
          "INVALID_REQUEST",
          /32 bytes/,
        );
        await expectRejection(
          Promise.resolve(engine.signingKey(wrong)),
          "INVALID_REQUEST",
          /32 bytes/,
        );
        refuses(() => engine.verify(wrong, short, new Uint8Array(64)), /public signing key/);
        refuses(() => engine.verify(right, short, wrong), /64 bytes/);
        refuses(() => engine.seal(wrong, new Uint8Array(12), right), /A key has 32/);
        refuses(() => engine.seal(right, wrong, right), /12 bytes/);
        refuses(() => engine.open(wrong, new Uint8Array(12), right), /A key has 32/);
        refuses(() => engine.open(right, wrong, right), /12 bytes/);
        const own = await engine.encryptionKey(right.fill(9));
        refuses(() => own.agree(wrong), /public encryption key/);
      }
    });
  });
}

describe("crypto engines", () => {
  it("give the same for the same input", async () => {
    await fc.assert(
      fc.asyncProperty(bytes(32), bytes(32), bytes(12), anyBytes, async (a, b, nonce, text) => {
        const results = await Promise.all(
          Object.values(ENGINES).map(async (engine) => {
            const [own, other] = [await engine.encryptionKey(a), await engine.encryptionKey(b)];
            const signing = await engine.signingKey(a);
            const secret = await own.agree(other.publicKey);
            return [
              ...[own.publicKey, secret!, signing.publicKey, await signing.sign(text)],
              ...[await engine.blake2b512(text), await engine.seal(secret!, nonce, text)],
            ].map(encodeBase64);
          }),
        );
        for (const result of results) expect(result).to.deep.equal(results[0]);
      }),
      { numRuns: 10 },
    );
  });

  it("are used where they work alone, the fastest first", async () => {
    const { node, web, noble } = ENGINES;
    expect(await workingEngine([node, web, noble])).to.equal(node);
    const reject = () => Promise.reject(new Error("NotSupportedError"));
    for (const lack of [
      ...(["encryptionKey", "freshEncryptionKey", "signingKey", "verify"] as const),
      ...(["seal", "open", "blake2b512", "entropy"] as const),
    ]) {
      const without = { ...node, [lack]: reject };
      expect(await workingEngine([without, web, noble]), lack).to.equal(web);
    }
    for (const wrong of [
      { ...node, verify: () => false },
      { ...node, open: () => null },
      { ...node, open: () => new Uint8Array(32) },
      { ...node, encryptionKey: () => ({ publicKey: new Uint8Array(32), agree: () => null }) },
    ]) {
      expect(await workingEngine([wrong, noble])).to.equal(noble);
    }
    expect(await workingEngine([{ ...node, verify: reject }])).to.equal(null);
  });
});
