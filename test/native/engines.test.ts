import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { digestFrom } from "../../src/abi/digest.js";
import { toHex } from "../../src/abi/hex.js";
import { localGatewaySigner, portableEcdsaSign } from "../../src/gateway/gatewaySigner.js";
import { loadEngines } from "../../src/native/engines.js";
import { nativeEcdsaSign } from "../../src/native/nativeEcdsa.js";

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

  it("is loaded once a process", async () => {
    expect(await loadEngines()).to.equal(await loadEngines());
  });
});
