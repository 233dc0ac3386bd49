import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { hexlify, recoverAddress } from "ethers";
import { checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { awsKmsSigner } from "../../src/signer/awsKmsSigner.js";
import type { OpenSigner } from "../../src/signer/openSigner.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { fault, kmsEnvironment, REGION } from "../operator-keys/kmsProtocol.js";
import { type KmsServer, serveKms, subjectPublicKeyInfo } from "./kmsServer.js";
import { openSignerOf } from "./openSignerOf.js";

const KEY = bytes(32, 0x11);
const KEY_ID = `arn:aws:kms:${REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const ADDRESS = checksumAddress(localGatewaySigner(KEY).address);
const digestOf = (index: number) => bytes(32, index);

describe("signer/awsKmsSigner", () => {
  let kms: KmsServer;
  let signer: OpenSigner | undefined;

  before(async () => {
    kms = await serveKms(KEY_ID, KEY);
    Object.assign(process.env, kmsEnvironment(kms.url));
  });
  afterEach(async () => {
    kms.restore();
    await signer?.close();
    signer = undefined;
  });
  after(async () => {
    for (const name of Object.keys(kmsEnvironment(""))) Reflect.deleteProperty(process.env, name);
    await kms.close();
  });

  it("signs as the key in KMS, with low s and the right v, whatever s KMS gives", async () => {
    signer = await awsKmsSigner(KEY_ID);
    expect(checksumAddress(signer.address)).to.equal(ADDRESS);
    expect(signer.description).to.equal(`AWS KMS, key ${KEY_ID}`);
    const seenV = new Set<number>();
    for (let index = 0; index < 24; index++) {
      const digest = digestOf(index);
      const signature = await signer.signDigest(digest);
      expect(signature).to.deep.equal(await localGatewaySigner(KEY).signDigest(digest));
      expect(recoverAddress(hexlify(digest), hexlify(signature))).to.equal(ADDRESS);
      seenV.add(signature[64]!);
    }
    expect(kms.highS(), "high s that were lowered").to.be.within(1, 23);
    expect([...seenV].sort()).to.deep.equal([27, 28]);
    expect(kms.signed[0]).to.deep.equal({
      KeyId: KEY_ID,
      Message: Buffer.from(digestOf(0)).toString("base64"),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    });
  });

  it("is what the setting names, and signs for several at a time", async () => {
    signer = await openSignerOf({ GATEWAY_SIGNER: `aws-kms:${KEY_ID}` }, "refuse");
    const digests = Array.from({ length: 20 }, (_, index) => digestOf(index));
    const signatures = await Promise.all(digests.map((digest) => signer!.signDigest(digest)));
    const local = localGatewaySigner(KEY);
    expect(signatures).to.deep.equal(
      await Promise.all(digests.map((each) => local.signDigest(each))),
    );
  });

  it("refuses a signature by another key, and what is none", async () => {
    signer = await awsKmsSigner(KEY_ID);
    const digest = digestOf(1);
    const other = await serveKms(KEY_ID, bytes(32, 0x22));
    let theirs = "";
    try {
      process.env["AWS_ENDPOINT_URL_KMS"] = other.url;
      const thief = await awsKmsSigner(KEY_ID);
      other.replace("Sign", (right) => {
        theirs = String(right["Signature"]);
        return { status: 200, body: right };
      });
      await thief.signDigest(digest);
      await thief.close();
    } finally {
      process.env["AWS_ENDPOINT_URL_KMS"] = kms.url;
      await other.close();
    }
    const wrong: [signature: unknown, sentence: RegExp][] = [
      [theirs, /not by 0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A/],
      ["", /no DER signature/],
      [Buffer.from(bytes(70, 0x30)).toString("base64"), /no DER signature/],
      [undefined, /no DER signature/],
    ];
    for (const [Signature, sentence] of wrong) {
      kms.replace("Sign", (right) => ({ status: 200, body: { ...right, Signature } }));
      await expectRejection(signer.signDigest(digest), "SIGNER_UNAVAILABLE", sentence);
    }
    kms.restore();
    expect(await signer.signDigest(digest)).to.have.length(65);
  });

  it("says what KMS refuses and what to do, and nothing of what it says itself", async () => {
    signer = await awsKmsSigner(KEY_ID);
    const faults: [type: string, status: number, advice: RegExp][] = [
      ["AccessDeniedException", 400, /kms:Sign/],
      ["DisabledException", 400, /Enable the key/],
      ["KMSInvalidStateException", 400, /about to be deleted/],
      ["ThrottlingException", 400, /quota/],
      ["KMSInternalException", 500, /the way to KMS/],
    ];
    for (const [type, status, advice] of faults) {
      kms.replace("Sign", () => fault(type, status));
      const error = await expectRejection(
        signer.signDigest(digestOf(1)),
        "SIGNER_UNAVAILABLE",
        advice,
      );
      expect(error.message).to.include(`(${type})`).and.not.to.include("hunter2");
    }
  });

  it("gives up after 1.5 s of silence", async () => {
    signer = await awsKmsSigner(KEY_ID);
    kms.replace("Sign", () => "silence");
    const startMs = performance.now();
    await expectRejection(
      signer.signDigest(digestOf(1)),
      "SIGNER_UNAVAILABLE",
      /gave no answer.*\((TimeoutError|AbortError)\)/,
    );
    expect(performance.now() - startMs).to.be.within(1_400, 2_500);
  });

  it("opens no key that is unknown, or cannot sign for Ethereum", async () => {
    await expectRejection(awsKmsSigner("alias/other"), "SIGNER_UNAVAILABLE", /AWS_REGION/);
    await expectRejection(
      awsKmsSigner(KEY_ID.replace("1234abcd", "00000000")),
      "SIGNER_UNAVAILABLE",
      /\(NotFoundException\)\. Correct the key's ARN/,
    );
    const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
    const p256 = curve.export({ format: "der", type: "spki" }).toString("base64");
    const ours = subjectPublicKeyInfo(KEY).toString("base64");
    for (const other of [
      { KeySpec: "ECC_NIST_P256", PublicKey: p256 },
      { KeySpec: "ECC_SECG_P256K1", PublicKey: p256 },
      { KeySpec: "ECC_NIST_P256", PublicKey: ours },
      { KeySpec: "ECC_SECG_P256K1", PublicKey: "" },
      { KeySpec: "ECC_SECG_P256K1", PublicKey: undefined },
    ]) {
      kms.replace("GetPublicKey", (right) => ({ status: 200, body: { ...right, ...other } }));
      await expectRejection(
        awsKmsSigner(KEY_ID),
        "INVALID_CONFIGURATION",
        /cannot sign for Ethereum\. Make one with the key spec ECC_SECG_P256K1/,
      );
    }
  });

  it("says how to get the SDK where it is not installed", async () => {
    const missing = "@aws-sdk/client-kms-not-installed";
    await expectRejection(
      awsKmsSigner(KEY_ID, () => import(missing) as never),
      "INVALID_CONFIGURATION",
      /the package @aws-sdk\/client-kms, an optional dependency, is not installed/,
    );
  });
});
