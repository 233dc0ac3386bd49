import { expect } from "chai";
import { parseSignerLocation } from "../../src/signer/signerLocation.js";
import { expectError } from "../expectError.js";

describe("signer/signerLocation", () => {
  it("reads each kind", () => {
    const arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    expect(parseSignerLocation("keystore:/etc/signpost/a b.json")).to.deep.equal({
      kind: "keystore",
      file: "/etc/signpost/a b.json",
    });
    for (const keyId of [arn, "1234abcd-12ab-34cd-56ef-1234567890ab", "alias/gateway_signer"]) {
      expect(parseSignerLocation(`aws-kms:${keyId}`)).to.deep.equal({ kind: "aws-kms", keyId });
    }
    for (const url of [
      "https://signer.example/keys/1?tenant=a",
      "https://10.0.0.7:9000/",
      "http://localhost:9000/",
      "http://127.0.0.1:9000/",
      "http://[::1]:9000/",
    ]) {
      expect(parseSignerLocation(url)).to.deep.equal({ kind: "remote", url: new URL(url) });
    }
  });

  const refused: [text: string, sentence: RegExp][] = [
    ["", /must begin with keystore:, https: or aws-kms:/],
    ["/etc/signpost/signer.json", /must begin with/],
    ["keystore:", /must begin with/],
    ["vault:transit/key", /must begin with/],
    ["Keystore:/x", /must begin with/],
    ["aws-kms:key with spaces", /must name a KMS key/],
    ["https://", /is not a URL/],
    ["https://user:hunter2@signer.example/", /GATEWAY_SIGNER_TOKEN_FILE/],
    ["https://token@signer.example/", /GATEWAY_SIGNER_TOKEN_FILE/],
    ["http://signer.example/", /must be an https: URL/],
    ["http://10.0.0.7:9000/", /must be an https: URL/],
    ["http://127.0.0.1.example/", /must be an https: URL/],
    ["http://localhost.example/", /must be an https: URL/],
  ];
  for (const [text, sentence] of refused) {
    it(`refuses ${text === "" ? "nothing" : text}`, () => {
      expectError(() => parseSignerLocation(text), "INVALID_CONFIGURATION", sentence);
    });
  }
});
