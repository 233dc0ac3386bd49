import { randomBytes } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { digestFrom } from "../../src/abi/digest.js";
import { toHex } from "../../src/abi/hex.js";
import { localGatewaySigner, portableEcdsaSign } from "../../src/gateway/gatewaySigner.js";
import { loadEngines } from "../../src/native/engines.js";
import { nativeEcdsaSign, nativeRecovery } from "../../src/native/nativeEcdsa.js";

describe("native/engines", () => {
  it("signs by libsecp256k1 exactly as the portable implementation does", async () => {
    const native = await nativeEcdsaSign();
    const { ecdsaSign, slowness } = await loadEngines();
    // a platform without the compiled library says so
    if (native === null) {
      expect([ecdsaSign, slowness]).to.have.property("0", portableEcdsaSign);
      expect(slowness).to.match(/signed by JavaScript/);
      return;
    }
    expect(slowness).to.equal(null);
    for (let round = 0; round < 200; round++) {
      const [key, digest] = [randomBytes(32), digestFrom(randomBytes(32))];
      const [ours, portable] = [localGatewaySigner(key, ecdsaSign), localGatewaySigner(key)];
      expect(toHex(await ours.signDigest(digest))).to.equal(
        toHex(await portable.signDigest(digest)),
      );
    }
  });

  it("recovers by libsecp256k1 exactly the keys that signed, and refuses what no key signed", async function () {
    const recover = await nativeRecovery();
    if (recover === null) this.skip();
    for (let round = 0; round < 200; round++) {
      const [key, digest] = [randomBytes(32), digestFrom(randomBytes(32))];
      const { compact, recovery } = portableEcdsaSign(digest, key);
      const publicKey = secp256k1.getPublicKey(key, false);
      expect(toHex(recover(digest, compact, recovery === 0 ? 0 : 1))).to.equal(toHex(publicKey));
    }
    // r is above the order of the curve
    expect(() => recover(digestFrom(randomBytes(32)), new Uint8Array(64).fill(255), 0)).to.throw();
  });

  it("is loaded once a process", async () => {
    expect(await loadEngines()).to.equal(await loadEngines());
  });
});
