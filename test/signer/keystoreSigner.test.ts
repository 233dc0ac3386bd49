import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encryptKeystoreJsonSync } from "ethers";
import { toHex } from "../../src/abi/hex.js";
import { checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { openSignerOf } from "./openSignerOf.js";

const KEY = bytes(32, 0x11);
const PASSPHRASE = " correct horse ";

describe("signer/keystoreSigner", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "signpost-keystore-"));
    const { address } = localGatewaySigner(KEY);
    const account = { address: checksumAddress(address), privateKey: toHex(KEY) };
    // few rounds, for the time of the tests
    const keystore = encryptKeystoreJsonSync(account, PASSPHRASE, { scrypt: { N: 1 << 10 } });
    await writeFile(at("signer.json"), keystore);
    await writeFile(at("damaged.json"), keystore.replace(/"ciphertext":"../, '"ciphertext":"00'));
    await writeFile(at("passphrase"), `${PASSPHRASE}\n`);
    await writeFile(at("wrong"), "hunter2");
    await writeFile(at("empty"), "\n");
    await writeFile(at("huge"), "x".repeat(65_537));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = (keystore: string, passphrase: string | null, more: object = {}) =>
    openSignerOf(
      {
        GATEWAY_SIGNER: `keystore:${at(keystore)}`,
        ...(passphrase !== null && { GATEWAY_SIGNER_PASSPHRASE_FILE: at(passphrase) }),
        ...more,
      },
      "refuse",
    );

  it("signs by the key in the file", async () => {
    const signer = await open("signer.json", "passphrase");
    const local = localGatewaySigner(KEY);
    expect(signer.address).to.deep.equal(local.address);
    expect(signer.description).to.equal(`the keystore ${at("signer.json")}`);
    const digest = bytes(32, 7);
    expect(await signer.signDigest(digest)).to.deep.equal(await local.signDigest(digest));
  });

  const refused: [keystore: string, passphrase: string | null, sentence: RegExp][] = [
    ["signer.json", "wrong", /cannot be opened: the passphrase is wrong/],
    ["damaged.json", "passphrase", /or the file is damaged/],
    ["passphrase", "passphrase", /is no keystore/],
    ["nowhere.json", "passphrase", /There is no keystore .*nowhere\.json\. Check the path/],
    ["signer.json", "nowhere", /There is no passphrase file .*nowhere\. Check the path/],
    ["signer.json", "empty", /The passphrase file .*empty is empty/],
    ["huge", "passphrase", /larger than 65536 bytes/],
    [".", "passphrase", /is there, but cannot be read \(EISDIR\)/],
    ["signer.json", null, /name that in GATEWAY_SIGNER_PASSPHRASE_FILE/],
  ];
  for (const [keystore, passphrase, sentence] of refused) {
    it(`does not open ${keystore} with ${passphrase ?? "no passphrase"}`, async () => {
      const error = await expectRejection(
        open(keystore, passphrase),
        "INVALID_CONFIGURATION",
        sentence,
      );
      expect(error.message).not.to.match(/hunter2|correct horse|1111/);
      expect(error.cause).to.equal(undefined);
    });
  }

  it("is not opened beside another key", async () => {
    const more = { GATEWAY_SIGNER_KEY: toHex(KEY) };
    await expectRejection(
      open("signer.json", "passphrase", more),
      "INVALID_CONFIGURATION",
      /^GATEWAY_SIGNER and GATEWAY_SIGNER_KEY are both set/,
    );
  });
});
