import { expect } from "chai";
import { type WrappingKey, wrappingKeyOf } from "../../src/sealing/wrappingKey.js";
import { awsKmsWrappingKey } from "../../src/wrapping-keys/awsKmsWrappingKey.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { fault, kmsEnvironment, REGION } from "../operator-keys/kmsProtocol.js";
import { type KmsServer, serveKms } from "./kmsServer.js";

const arnOf = (id: string) => `arn:aws:kms:${REGION}:111122223333:key/${id}`;
const [ARN, OTHER] = [arnOf("1234abcd-12ab-34cd-56ef-1234567890ab"), arnOf("other")];
const SETTING = "SECRETS_KEY_LOCATION";
const ID = "0f0e0d0c-0b0a-4908-8706-050403020100";
const OTHER_ID = "1f0e0d0c-0b0a-4908-8706-050403020100";
const DATA_KEY = bytes(32, 0x42);

describe("wrapping-keys/awsKmsWrappingKey", () => {
  let kms: KmsServer;
  let key: WrappingKey;

  before(async () => {
    kms = await serveKms([ARN, OTHER]);
    Object.assign(process.env, kmsEnvironment(kms.url), { AWS_REGION: REGION });
  });
  beforeEach(async () => {
    key = await awsKmsWrappingKey(ARN, SETTING);
  });
  afterEach(() => {
    kms.restore();
    key.close();
  });
  after(async () => {
    const names = [...Object.keys(kmsEnvironment("")), "AWS_REGION"];
    for (const name of names) Reflect.deleteProperty(process.env, name);
    await kms.close();
  });

  it("wraps and unwraps, and asks KMS nothing before", async () => {
    expect(kms.asked).to.deep.equal([]);
    const wrapped = await key.wrap(DATA_KEY, ID);
    expect(Buffer.from(wrapped).includes(Buffer.from(DATA_KEY.subarray(0, 8)))).to.equal(false);
    expect(await key.unwrap(wrapped, ID)).to.deep.equal(DATA_KEY);
    expect(kms.asked).to.deep.equal(["DescribeKey", "Encrypt", "Decrypt"]);
  });

  it("is called by its ARN, whatever names it, and stays with the key that its alias led to", async () => {
    kms.alias("alias/secrets", ARN);
    const names = [ARN, "1234abcd-12ab-34cd-56ef-1234567890ab", "alias/secrets"];
    const keys = await Promise.all(names.map((name) => awsKmsWrappingKey(name, SETTING)));
    for (const each of keys) expect(await each.id()).to.equal(`aws-kms:${ARN}`);
    const byAlias = keys[2]!;
    const wrapped = await byAlias.wrap(DATA_KEY, ID);
    kms.alias("alias/secrets", OTHER);
    expect(await byAlias.unwrap(wrapped, ID)).to.deep.equal(DATA_KEY);
    const later = await awsKmsWrappingKey("alias/secrets", SETTING);
    expect(await later.id()).to.equal(`aws-kms:${OTHER}`);
    for (const each of [...keys, later]) each.close();
  });

  it("unwraps nothing that was altered, is another data key's, or another key's", async () => {
    const wrapped = await key.wrap(DATA_KEY, ID);
    for (const at of [0, 8, 20, wrapped.length - 1]) {
      const altered = wrapped.slice();
      altered[at]! ^= 1;
      expect(await key.unwrap(altered, ID), `byte ${at}`).to.equal(null);
    }
    expect(await key.unwrap(wrapped, OTHER_ID)).to.equal(null);
    const other = await awsKmsWrappingKey(OTHER, SETTING);
    expect(await other.unwrap(wrapped, ID)).to.equal(null);
    other.close();
  });

  it("says what KMS refuses and what to do, and nothing of what it says itself", async () => {
    const wrapped = await key.wrap(DATA_KEY, ID);
    const faults: [type: string, status: number, advice: RegExp][] = [
      ["AccessDeniedException", 400, /kms:DescribeKey, kms:Encrypt and kms:Decrypt/],
      ["DisabledException", 400, /Enable the key/],
      ["KMSInvalidStateException", 400, /about to be deleted/],
      ["KMSInternalException", 500, /the way to KMS/],
    ];
    for (const [type, status, advice] of faults) {
      kms.replace("Decrypt", () => fault(type, status));
      const error = await expectRejection(key.unwrap(wrapped, ID), "UNREACHABLE", advice);
      expect(error.message).to.include(`(${type})`).and.not.to.include("hunter2");
      expect(error.details["reason"]).to.equal(type);
    }
    const unknown = await awsKmsWrappingKey("alias/none", "SECRETS_FORMER_KEY_LOCATIONS");
    const advice = /Correct the key's ARN in SECRETS_FORMER_KEY_LOCATIONS/;
    await expectRejection(unknown.id(), "UNREACHABLE", advice);
    unknown.close();
  });

  it("gives up after 1.5 s of silence, and asks again the next time", async () => {
    kms.replace("DescribeKey", () => "silence");
    const startMs = performance.now();
    await expectRejection(
      key.wrap(DATA_KEY, ID),
      "UNREACHABLE",
      /gave no answer.*\((TimeoutError|AbortError)\)/,
    );
    expect(performance.now() - startMs).to.be.within(1_400, 4_000);
    kms.restore();
    expect(await key.unwrap(await key.wrap(DATA_KEY, ID), ID)).to.deep.equal(DATA_KEY);
  });

  it("takes no key that cannot encrypt, and no answer without bytes", async () => {
    for (const [KeySpec, KeyUsage] of [
      ["ECC_SECG_P256K1", "SIGN_VERIFY"],
      ["RSA_2048", "ENCRYPT_DECRYPT"],
      ["HMAC_256", "GENERATE_VERIFY_MAC"],
    ]) {
      kms.replace("DescribeKey", () => ({
        status: 200,
        body: { KeyMetadata: { Arn: ARN, KeyId: ARN, KeySpec, KeyUsage } },
      }));
      const each = await awsKmsWrappingKey(ARN, SETTING);
      await expectRejection(
        each.id(),
        "INVALID_CONFIGURATION",
        /cannot keep secrets\. Make one with the key spec SYMMETRIC_DEFAULT/,
      );
      each.close();
    }
    kms.restore();
    kms.replace("Encrypt", () => ({ status: 200, body: { KeyId: ARN } }));
    await expectRejection(key.wrap(DATA_KEY, ID), "UNREACHABLE", /without bytes/);
  });

  it("is found among others although one before it does not answer; else nothing is known", async () => {
    const silent = await awsKmsWrappingKey("alias/none", SETTING);
    expect(await wrappingKeyOf([silent, key], `aws-kms:${ARN}`)).to.equal(key);
    await expectRejection(
      wrappingKeyOf([silent, key], `aws-kms:${OTHER}`),
      "UNREACHABLE",
      /alias\/none/,
    );
    expect(await wrappingKeyOf([key], `aws-kms:${OTHER}`)).to.equal(null);
    silent.close();
  });

  it("says how to get the SDK where it is not installed", async () => {
    const missing = "@aws-sdk/client-kms-not-installed";
    await expectRejection(
      awsKmsWrappingKey(ARN, SETTING, () => import(missing) as never),
      "INVALID_CONFIGURATION",
      /^SECRETS_KEY_LOCATION .*@aws-sdk\/client-kms, an optional dependency, is not installed/,
    );
  });
});
