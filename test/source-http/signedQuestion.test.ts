/** Signatures against the RFC's own examples, and as a library that somebody else wrote verifies them. */
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { expect } from "chai";
import { createSignatureSync } from "http-message-sig";
import { createVerifier, httpbis } from "http-message-signatures";
import { signedHeaders, unsignedHeaders, VALID_SEC } from "../../src/source-http/signedQuestion.js";
import { newSigningKey, requestSigner } from "../../src/source-http/signingKey.js";
import { expectError } from "../expectError.js";
import { JWK_KEY, rfcSigner } from "./sampleKeys.js";

const URL_ASKED = new URL("https://users.example.com/signpost/alice");

describe("source-http/signingKey", () => {
  it("names a key by its thumbprint (RFC 8037, appendix A.3)", () => {
    const signer = requestSigner(JWK_KEY);
    expect(signer.publicKey).to.deep.equal({
      kty: "OKP",
      crv: "Ed25519",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    });
    expect(signer.keyId).to.equal(signer.publicKey.kid);
  });

  it("signs so that the public half verifies (RFC 8037, appendix A.4)", () => {
    const signingInput = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    const signature = requestSigner(JWK_KEY).sign(new TextEncoder().encode(signingInput));
    expect(Buffer.from(signature).toString("base64url")).to.equal(
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );
  });

  it("takes no other secret, and does not repeat it", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const ofAnotherKind = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
    for (const secret of ["", "hunter2", ofAnotherKind]) {
      const { message } = expectError(
        () => requestSigner(secret),
        "INVALID_CONFIGURATION",
        /^The key of the data source is no Ed25519 key\./,
      );
      expect(message).not.to.include("hunter2");
    }
  });

  it("makes another key each time", () => {
    const ids = [newSigningKey(), newSigningKey()].map((key) => requestSigner(key).keyId);
    expect(new Set(ids)).to.have.property("size", 2);
  });
});

describe("source-http/signedQuestion", () => {
  it("uses a library that gives the signature of RFC 9421, appendix B.2.6", () => {
    const header = (name: string, value: string) => ({ name, value });
    const { signature, signatureInput } = createSignatureSync(
      {
        kind: "request",
        method: "POST",
        targetUri: "https://example.com/foo?param=Value&Pet=dog",
        fields: [
          header("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
          header("Content-Type", "application/json"),
          header("Content-Length", "18"),
        ],
      },
      {
        label: "sig-b26",
        components: ["date", "@method", "@path", "@authority", "content-type", "content-length"],
        parameters: { created: 1618884473, keyid: "test-key-ed25519" },
        signer: { algorithm: "ed25519", sign: (base) => rfcSigner.sign(base) },
      },
    );
    expect(signatureInput).to.equal(
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    );
    expect(signature).to.equal(
      "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    );
  });

  const publicKey = createPublicKey({ format: "jwk", key: { ...rfcSigner.publicKey } });

  /** By the other library; its clock is the machine's. */
  const isVerified = async (
    headers: Readonly<Record<string, string>>,
    { method = "GET", url = URL_ASKED.href } = {},
  ) =>
    await httpbis.verifyMessage(
      {
        requiredFields: ["@method", "@target-uri"],
        requiredParams: ["created", "expires", "nonce", "keyid"],
        keyLookup: ({ keyid }) =>
          Promise.resolve(
            keyid === rfcSigner.keyId ? { verify: createVerifier(publicKey, "ed25519") } : null,
          ),
      },
      { method, url, headers },
    );

  const fresh = () => signedHeaders(URL_ASKED, rfcSigner, Date.now());

  it("is verified by another library", async () => {
    expect(await isVerified(fresh())).to.equal(true);
  });

  const elsewhere = {
    "another method": { method: "HEAD" },
    "another label": { url: "https://users.example.com/signpost/bob" },
    "another path": { url: "https://users.example.com/other/alice" },
    "another host": { url: "https://users.example.org/signpost/alice" },
    "another port": { url: "https://users.example.com:8443/signpost/alice" },
    "another scheme": { url: "http://users.example.com/signpost/alice" },
    "a query": { url: "https://users.example.com/signpost/alice?all=1" },
  };
  for (const [title, request] of Object.entries(elsewhere)) {
    it(`is not verified for ${title}`, async () => {
      expect(await isVerified(fresh(), request)).to.equal(false);
    });
  }

  const later = Math.floor(Date.now() / 1000) + 30;
  const altered: Readonly<Record<string, readonly [RegExp, string]>> = {
    "when it was made": [/created=\d+/, "created=1"],
    "until when it counts": [/expires=\d+/, `expires=${later + 3_600}`],
    "the nonce": [/nonce="[^"]+"/, 'nonce="AAAAAAAAAAAAAAAAAAAAAA"'],
    "the order of what is signed": [/\("@method" "@target-uri"\)/, '("@target-uri" "@method")'],
  };
  for (const [title, [part, other]] of Object.entries(altered)) {
    it(`is not verified when ${title} was changed`, async () => {
      const headers = fresh();
      const input = headers["signature-input"]!;
      expect(input).to.match(part);
      const changed = { ...headers, "signature-input": input.replace(part, other) };
      expect(await isVerified(changed)).to.equal(false);
    });
  }

  it("is not verified when the key's id was changed", async () => {
    const headers = signedHeaders(URL_ASKED, { ...rfcSigner, keyId: "other" }, Date.now());
    const input = headers["signature-input"]!.replace('"other"', `"${rfcSigner.keyId}"`);
    expect(await isVerified({ ...headers, "signature-input": input })).to.equal(false);
  });

  it("is not verified when another key signed", async () => {
    const other = { ...requestSigner(JWK_KEY), keyId: rfcSigner.keyId };
    expect(await isVerified(signedHeaders(URL_ASKED, other, Date.now()))).to.equal(false);
  });

  it("counts for a minute", async () => {
    const old = signedHeaders(URL_ASKED, rfcSigner, Date.now() - (VALID_SEC + 2) * 1000);
    const refused = await isVerified(old).catch((error: unknown) => (error as Error).message);
    expect(refused).to.equal("Signature has expired");
  });

  it("has another nonce each time, of 16 bytes", () => {
    const nonces = Array.from({ length: 100 }, () => {
      const [, nonce = ""] = /nonce="([^"]+)"/.exec(fresh()["signature-input"]!) ?? [];
      expect(Buffer.from(nonce, "base64url")).to.have.length(16);
      return nonce;
    });
    expect(new Set(nonces)).to.have.property("size", 100);
  });

  it("signs exactly these bytes", () => {
    const headers = signedHeaders(URL_ASKED, rfcSigner, 1_618_884_473_999, "once");
    const parameters = `("@method" "@target-uri");created=1618884473;expires=1618884533;nonce="once";keyid="${rfcSigner.keyId}"`;
    expect(headers["signature-input"]).to.equal(`signpost=${parameters}`);
    const base = `"@method": GET\n"@target-uri": ${URL_ASKED.href}\n"@signature-params": ${parameters}`;
    const [, signature = ""] = /^signpost=:(.*):$/.exec(headers["signature"]!) ?? [];
    expect(verify(null, Buffer.from(base), publicKey, Buffer.from(signature, "base64"))).to.equal(
      true,
    );
  });

  it("asks for JSON that is not compressed", () => {
    expect(unsignedHeaders()).to.deep.equal({
      accept: "application/json",
      "accept-encoding": "identity",
    });
    expect(fresh()).to.include(unsignedHeaders());
  });
});
