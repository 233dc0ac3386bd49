import { expect } from "chai";
import { encodeBase64 } from "../../../src/dm3/base64.js";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import {
  assertCertificateOf,
  type CertificateClaim,
  certificateKey,
  certificateStatement,
  isCertificateOf,
  parseCertificate,
  schemeOfKey,
  signCertificate,
} from "../../../src/dm3/statement/certificate.js";
import { expectError } from "../../expectError.js";

const KEYS = deriveProfileKeys(new Uint8Array(32).fill(1));
const { publicSigningKey } = publicKeyFields(KEYS);
const OTHER_KEY = publicKeyFields(deriveProfileKeys(new Uint8Array(32).fill(2))).publicSigningKey;
const CLAIM: CertificateClaim = {
  name: "carol.eth",
  scheme: "openpgp",
  certificate: encodeBase64(new Uint8Array(300).fill(7)),
  address: "carol.eth@mail.example",
  signedAtSec: 1_780_000_000,
};
const RECORD = signCertificate(KEYS.signingKeyPair.privateKey, publicSigningKey, CLAIM);

describe("dm3/statement/certificate", () => {
  it("has a record for each scheme", () => {
    expect(certificateKey("openpgp")).to.equal("network.dm3.certificate.openpgp");
    expect(schemeOfKey("network.dm3.certificate.openpgp")).to.equal("openpgp");
    expect(schemeOfKey("network.dm3.certificate.smime")).to.equal(null);
  });

  it("says what a person can read", () => {
    expect(certificateStatement(CLAIM)).to.match(
      /^This is my openpgp certificate\.\nname: carol\.eth\naddress: carol\.eth@mail\.example\ncertificate: 0x[0-9a-f]{64}\nsigned at: 1780000000$/,
    );
  });

  it("is the user's, by way of JSON", () => {
    const record = parseCertificate(JSON.parse(JSON.stringify(RECORD)));
    assertCertificateOf("carol.eth", publicSigningKey, record);
  });

  for (const [field, change] of [
    ["certificate", { certificate: encodeBase64(new Uint8Array(300).fill(8)) }],
    ["address", { address: "carol.eth@mail2.example" }],
    ["signedAtSec", { signedAtSec: 1_780_000_001 }],
    ["publicSigningKey", { publicSigningKey: OTHER_KEY }],
    ["signature", { signature: encodeBase64(new Uint8Array(64).fill(9)) }],
  ] as const) {
    it(`is nobody's when only ${field} was changed`, () => {
      expect(isCertificateOf("carol.eth", { ...RECORD, ...change })).to.equal(false);
    });
  }

  it("is not for another name, nor beside a profile with another key", () => {
    for (const [name, key] of [
      ["dave.eth", publicSigningKey],
      ["carol.eth", OTHER_KEY],
    ] as const) {
      expectError(
        () => {
          assertCertificateOf(name, key, RECORD);
        },
        "WRONG_SIGNER",
        /published profile/,
      );
    }
  });

  for (const [field, change, sentence] of [
    ["scheme", { scheme: "smime" }, /one of openpgp/],
    ["certificate", { certificate: "" }, /16384 bytes/],
    ["certificate", { certificate: encodeBase64(new Uint8Array(16_387)) }, /16384 bytes/],
    ["certificate", { certificate: "AB==" }, /canonical/],
    ["address", { address: "carol.eth@mail.example\nBcc: x@y" }, /local@domain/],
    ["address", { address: "carol" }, /local@domain/],
    ["address", { address: `${"a".repeat(320)}@b` }, /320/],
    ["publicSigningKey", { publicSigningKey: "AA==" }, /32 bytes/],
  ] as const) {
    it(`refuses a malformed ${field}: ${JSON.stringify(change).slice(0, 60)}`, () => {
      const json = { ...RECORD, ...change };
      const error = expectError(() => parseCertificate(json), "INVALID_PROFILE", sentence);
      expect(error.details).to.include({ field });
    });
  }
});
