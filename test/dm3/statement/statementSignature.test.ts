import { ed25519 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import { signText } from "../../../src/dm3/keys/ed25519.js";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import { isSignedStatement, signStatement } from "../../../src/dm3/statement/statementSignature.js";

const KEYS = deriveProfileKeys(new Uint8Array(32).fill(1));
const { publicSigningKey } = publicKeyFields(KEYS);
const { privateKey } = KEYS.signingKeyPair;

describe("dm3/statement/statementSignature", () => {
  it("is Ed25519 over 0xff and the UTF-8 of the statement", () => {
    const signature = signStatement(privateKey, "é");
    const bytes = Uint8Array.of(0xff, 0xc3, 0xa9);
    expect(signature).to.equal(encodeBase64(ed25519.sign(bytes, privateKey.subarray(0, 32))));
    expect(signStatement(privateKey.subarray(0, 32), "é")).to.equal(signature);
    expect(isSignedStatement(publicSigningKey, "é", signature)).to.equal(true);
  });

  it("is none by another key, over another statement, or malformed", () => {
    const signature = signStatement(privateKey, "mine");
    const other = publicKeyFields(deriveProfileKeys(new Uint8Array(32).fill(2)));
    expect(isSignedStatement(other.publicSigningKey, "mine", signature)).to.equal(false);
    expect(isSignedStatement(publicSigningKey, "mine.", signature)).to.equal(false);
    expect(isSignedStatement(publicSigningKey, "mine", signature.slice(0, 84))).to.equal(false);
    expect(isSignedStatement("AAAA", "mine", signature)).to.equal(false);
    expect(isSignedStatement(publicSigningKey, "mine", "no base64")).to.equal(false);
  });

  it("is nothing that a client signs as a challenge, whatever text it is given", () => {
    for (const challenge of ["mine", "\u00ffmine", "\udcffmine", "\ufffdmine"]) {
      const signature = signText(privateKey, challenge);
      expect(isSignedStatement(publicSigningKey, "mine", signature)).to.equal(false);
    }
  });
});
