import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { localGatewaySignerKey, readKeyFile } from "../../src/installation/localKey.js";
import { expectRejection } from "../expectError.js";

const FILE = "gateway-signer.key";

describe("localKey", () => {
  let folder: string;
  let directory: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "signpost-key-"));
    directory = join(folder, "not", "yet", "there");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = async (text: string) => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, FILE), text);
  };

  it("makes a key once, and finds it again", async () => {
    const key = await localGatewaySignerKey(directory);
    expect(key).to.have.length(32);
    expect(await localGatewaySignerKey(directory)).to.deep.equal(key);
    expect(await readFile(join(directory, FILE), "utf8")).to.equal(`${toHex(key)}\n`);
  });

  it("makes another one for another installation", async () => {
    const key = await localGatewaySignerKey(directory);
    expect(await localGatewaySignerKey(join(directory, "other"))).not.to.deep.equal(key);
  });

  it("lets nobody but its owner read it, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      await localGatewaySignerKey(directory);
    } finally {
      process.umask(before);
    }
    expect((await stat(join(directory, FILE))).mode & 0o777).to.equal(0o600);
  });

  it("leaves nothing else behind", async () => {
    await localGatewaySignerKey(directory);
    expect(await readdir(directory)).to.deep.equal([FILE]);
  });

  it("is the same for all that start at once, in one process", async () => {
    for (let round = 0; round < 20; round++) {
      const folder = join(directory, String(round));
      const keys = await Promise.all(
        Array.from({ length: 10 }, () => localGatewaySignerKey(folder)),
      );
      expect(new Set(keys.map(toHex)).size).to.equal(1);
    }
  });

  it("is the same for processes that start at once", async () => {
    const program = `
      import { localGatewaySignerKey, readKeyFile } from ${JSON.stringify(new URL("../../src/installation/localKey.ts", import.meta.url).href)};
      console.log(Buffer.from(await localGatewaySignerKey(process.argv[1])).toString("hex"));`;
    const args = ["--import", "tsx", "--input-type=module", "-e", program, directory];
    const run = () => promisify(execFile)(process.execPath, args);
    const outputs = await Promise.all([run(), run(), run()]);
    expect(new Set(outputs.map(({ stdout }) => stdout)).size).to.equal(1);
    expect(outputs[0].stdout).to.match(/^[0-9a-f]{64}\n$/);
  });

  it("refuses a file that holds no key, keeps it, and does not repeat it", async () => {
    const corrupted = ["", "\n", "0x", `0x${"ab".repeat(31)}`, `0x${"AB".repeat(32)}`, "hunter2"];
    for (const text of corrupted) {
      await write(text);
      const error = await expectRejection(
        localGatewaySignerKey(directory),
        "INVALID_CONFIGURATION",
        /^The key file \S+gateway-signer\.key holds no key: .* Restore it from your backup, and keep this one/,
      );
      expect(error.message).not.to.match(/hunter2|abab/i);
      expect(await readFile(join(directory, FILE), "utf8")).to.equal(text);
    }
    await write(`0x${"ab".repeat(32)}`);
    await chmod(join(directory, FILE), 0o400);
    expect(toHex(await localGatewaySignerKey(directory))).to.equal(`0x${"ab".repeat(32)}`);
  });

  it("tells a file that is missing from one that cannot be read, and never to move a key away", async () => {
    const missing = await expectRejection(
      readKeyFile(join(directory, FILE)),
      "INVALID_CONFIGURATION",
      /^There is no key file \S+gateway-signer\.key\. Check SIGNPOST_DIR/,
    );
    // root reads every file, but nobody reads a folder as one
    await mkdir(join(directory, FILE), { recursive: true });
    const unreadable = await expectRejection(
      readKeyFile(join(directory, FILE)),
      "INVALID_CONFIGURATION",
      /^The key file \S+gateway-signer\.key is there, but cannot be read \(EISDIR\)\./,
    );
    for (const { message } of [missing, unreadable]) expect(message).not.to.match(/move it|delete/);
  });
});
