import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { hexlify, keccak256, recoverAddress, SigningKey, toUtf8Bytes, Wallet } from "ethers";
import fc from "fast-check";
import { digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { bytes } from "../db/sampleNames.js";
import { expectError } from "../expectError.js";

describe("gateway/gatewaySigner", () => {
  it("makes the signature of the ecosystem's vector", async () => {
    const signer = localGatewaySigner(bytes(32, 0x11));
    expect(checksumAddress(signer.address)).to.equal("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A");
    const digest = digestFrom(
      fromHex("0x094ec44adaaf430da6fc2c12d85af7232ddff03713cb8fb672b98c2f36a6f2b7"),
    );
    expect(toHex(await signer.signDigest(digest))).to.equal(
      "0xe92f0f771b15187bc55bee033718d1821a678d2b8c461db17129d08bdd196048532ce3786dc375eacb4ce91d4e9e87f8d74a6c738fef13c41037a15ceb0638921b",
    );
  });

  it("signs as ethers does: 65 bytes, low s, v 27 or 28, for any key and digest", async () => {
    const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const privateKey = word.filter((key) => secp256k1.utils.isValidSecretKey(key));
    const seenV = new Set<number>();
    await fc.assert(
      fc.asyncProperty(privateKey, word.map(digestFrom), async (key, digest) => {
        const signer = localGatewaySigner(key);
        const signature = await signer.signDigest(digest);
        expect(signature).to.have.length(65);
        const s = BigInt(hexlify(signature.subarray(32, 64)));
        expect(s <= secp256k1.Point.CURVE().n / 2n, "low s").to.equal(true);
        seenV.add(signature[64]!);
        expect(recoverAddress(hexlify(digest), hexlify(signature))).to.equal(
          new Wallet(hexlify(key)).address,
        );
        expect(checksumAddress(signer.address)).to.equal(new Wallet(hexlify(key)).address);
        expect(hexlify(signature)).to.equal(new SigningKey(hexlify(key)).sign(digest).serialized);
      }),
      { numRuns: 50 },
    );
    expect([...seenV].sort()).to.deep.equal([27, 28]);
  });

  it("signs raw digests, without the prefix of personal_sign", async () => {
    const signer = localGatewaySigner(bytes(32, 0x11));
    const digest = answerDigest({
      target: bytes(20, 1),
      expiresSec: 1n,
      request: toUtf8Bytes("request"),
      result: toUtf8Bytes("result"),
    });
    const signature = hexlify(await signer.signDigest(digest));
    expect(recoverAddress(hexlify(digest), signature)).to.equal(checksumAddress(signer.address));
    expect(recoverAddress(keccak256(digest), signature)).not.to.equal(
      checksumAddress(signer.address),
    );
  });

  it("refuses what is no private key, and does not repeat it", () => {
    const order = fromHex(`0x${secp256k1.Point.CURVE().n.toString(16)}`);
    const wrong = [bytes(0, 0), bytes(31, 1), bytes(33, 1), bytes(32, 0), order, bytes(32, 0xff)];
    for (const key of wrong) {
      expectError(
        () => localGatewaySigner(key),
        "INVALID_CONFIGURATION",
        /^The key of the gatewaySigner must be a secp256k1 private key: 0x and 64 hexadecimal digits\.$/,
      );
    }
    const largest = fromHex(`0x${(secp256k1.Point.CURVE().n - 1n).toString(16)}`);
    expect(localGatewaySigner(largest).address).to.have.length(20);
  });
});
