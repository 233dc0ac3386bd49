import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import type { WrappingKeyLocations } from "../../src/sealing/wrappingKeyLocation.js";
import { fileWrappingKey, makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { openWrappingKeys } from "../../src/wrapping-keys/openWrappingKeys.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";

const ID = "0f0e0d0c-0b0a-4908-8706-050403020100";
const OTHER_ID = "1f0e0d0c-0b0a-4908-8706-050403020100";
const DATA_KEY = bytes(32, 0x42);
const SAMPLE = `0x${"11".repeat(32)}`;

describe("wrapping-keys/fileWrappingKey", () => {
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeFolder(folder));

  async function fileWith(name: string, text: string, mode = 0o600): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, text);
    await chmod(file, mode);
    return file;
  }

  it("is made at random, in a new file that only its owner can read", async () => {
    const [one, other] = [join(folder, "one.key"), join(folder, "other.key")];
    await makeKeyFile(one);
    await makeKeyFile(other);
    expect((await stat(one)).mode & 0o777).to.equal(0o600);
    const text = await readFile(one, "utf8");
    expect(text)
      .to.match(/^0x[0-9a-f]{64}\n$/)
      .and.not.to.equal(await readFile(other, "utf8"));
    await expectRejection(makeKeyFile(one), "INVALID_REQUEST", /\(EEXIST\)/);
    expect(await readFile(one, "utf8")).to.equal(text);
    const [first, second] = [await fileWrappingKey(one), await fileWrappingKey(other)];
    expect(await first.id()).not.to.equal(await second.id());
  });

  it("is called by a fingerprint that tells nothing of it, wherever it lies", async () => {
    const key = await fileWrappingKey(await fileWith("a.key", SAMPLE));
    // the first digits of HMAC-SHA256 by the key, of "signpost wrapping key": databases refer to it
    expect(await key.id()).to.equal("file:c7173e04b29cef21");
    const copy = await fileWrappingKey(await fileWith("b.key", `${SAMPLE}\r\n`));
    expect(await copy.id()).to.equal(await key.id());
    expect(inspect(key, { depth: 9, showHidden: true })).not.to.include("1111");
  });

  it("unwraps what it wrapped, for the same data key, and nothing else", async () => {
    const key = await fileWrappingKey(await fileWith("c.key", SAMPLE));
    const wrapped = await key.wrap(DATA_KEY, ID);
    expect(wrapped).to.have.length(12 + 32 + 16);
    expect(await key.unwrap(wrapped, ID)).to.deep.equal(DATA_KEY);
    expect(await key.unwrap(wrapped, OTHER_ID)).to.equal(null);
    for (let at = 0; at < wrapped.length; at++) {
      const altered = wrapped.slice();
      altered[at]! ^= 0x80;
      expect(await key.unwrap(altered, ID), `byte ${at}`).to.equal(null);
      expect(await key.unwrap(wrapped.subarray(0, at), ID), `${at} bytes`).to.equal(null);
    }
    const other = await fileWrappingKey(await fileWith("d.key", `0x${"12".repeat(32)}`));
    expect(await other.unwrap(wrapped, ID)).to.equal(null);
  });

  it("is refused in a file that others can read or write, and says what to do", async () => {
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777]) {
      const file = await fileWith(`mode-${mode}.key`, SAMPLE, mode);
      await expectRejection(
        fileWrappingKey(file),
        "INVALID_CONFIGURATION",
        new RegExp(`\\(mode ${mode.toString(8)}\\).*chmod 600`),
      );
    }
    for (const mode of [0o600, 0o400, 0o700]) {
      await fileWrappingKey(await fileWith(`mode-${mode}.key`, SAMPLE, mode));
    }
  });

  it("is refused where there is none, and nothing of the file is repeated", async () => {
    const wrong = [
      ...["", "\n", "hunter2", "0xhunter2"],
      ...[SAMPLE.slice(2), `${SAMPLE}11`, `${SAMPLE}\n\n`],
    ];
    for (const [index, text] of wrong.entries()) {
      const file = await fileWith(`wrong-${index}.key`, text);
      await expectRejection(
        fileWrappingKey(file),
        "INVALID_CONFIGURATION",
        /^(?!.*hunter2)(?!.*1111).*(does not hold a key|is empty)/,
      );
    }
    await expectRejection(
      fileWrappingKey(await fileWith("empty.key", "")),
      "INVALID_CONFIGURATION",
      /empty\.key is empty\. Restore it from your backup/,
    );
    const none = join(folder, "none.key");
    await expectRejection(
      fileWrappingKey(none),
      "INVALID_CONFIGURATION",
      /^There is no file of the key/,
    );
    const large = await fileWith("large.key", "x".repeat(70_000));
    await expectRejection(fileWrappingKey(large), "INVALID_CONFIGURATION", /larger than 65536/);
  });

  it("is not repeated where a path was asked for", async () => {
    for (const key of [SAMPLE, SAMPLE.slice(2)]) {
      await expectRejection(
        fileWrappingKey(join(folder, key)),
        "INVALID_CONFIGURATION",
        /^(?!.*1111)There is no .*\/<64 hexadecimal digits>\. Check the path/,
      );
      await expectRejection(
        makeKeyFile(join(folder, "one.key", key)),
        "INVALID_REQUEST",
        /^(?!.*1111).*\/<64 hexadecimal digits> cannot be made \(ENOTDIR\)/,
      );
    }
  });

  it("is made in no folder that does not exist, and the sentence says how to make that", async () => {
    const missing = join(folder, "etc", "signpost");
    await expectRejection(
      makeKeyFile(join(missing, "secrets.key")),
      "INVALID_REQUEST",
      new RegExp(
        `^The folder ${missing} does not exist.*\`install -d -o <user> -m 700 ${missing}\``,
      ),
    );
  });

  it("is opened as the settings name it: the key first, then former ones, of both kinds", async () => {
    const [file, former] = [join(folder, "one.key"), join(folder, "other.key")];
    const locations: WrappingKeyLocations = {
      key: { kind: "file", file },
      formerKeys: [
        { kind: "file", file: former },
        { kind: "aws-kms", keyId: "alias/former" },
      ],
    };
    const keys = await openWrappingKeys(locations, "refuse");
    expect(keys.map(({ description }) => description)).to.deep.equal([
      `the file ${file}`,
      `the file ${former}`,
      "AWS KMS, key alias/former",
    ]);
    for (const key of keys) key.close();
    expect(await openWrappingKeys({ key: null, formerKeys: [] }, "refuse")).to.deep.equal([]);
  });

  it("keeps its place where its file is gone, and says so when it is asked, for whoever wants to tell of it", async () => {
    const locations: WrappingKeyLocations = {
      key: { kind: "file", file: join(folder, "one.key") },
      formerKeys: [{ kind: "file", file: join(folder, "gone.key") }],
    };
    const gone = /There is no .*gone\.key\./;
    await expectRejection(openWrappingKeys(locations, "refuse"), "INVALID_CONFIGURATION", gone);
    const [present, former] = await openWrappingKeys(locations, "tell");
    expect(await present!.id()).to.match(/^file:/);
    expect(former!.description).to.equal(`the file ${join(folder, "gone.key")}`);
    await expectRejection(former!.id(), "INVALID_CONFIGURATION", gone);
    await expectRejection(former!.unwrap(DATA_KEY, ID), "INVALID_CONFIGURATION", gone);
  });
});
