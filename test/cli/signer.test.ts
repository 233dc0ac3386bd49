import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";

describe("signpost signer", function () {
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, "passphrase"), "correct horse\n");
    await mkdir(join(folder, ".signpost"));
  });
  after(() => removeFolder(folder));

  async function run(args: readonly string[], settings: Record<string, string> = {}) {
    const program = startProgram("src/cli/main.ts", ["signer", ...args], { settings, cwd: folder });
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  }

  it("makes a key in the place of the generated one, and shows what the service would sign by", async () => {
    const file = ".signpost/gateway-signer.key";
    const made = await run(["new", file]);
    expect(made.exitStatus, made.output).to.equal(0);
    const key = await readFile(join(folder, file), "utf8");
    expect(key).to.match(/^0x[0-9a-f]{64}\n$/);
    expect((await stat(join(folder, file))).mode & 0o777).to.equal(0o600);
    const { address } = new Wallet(key.trim());
    expect(made.stdout).to.equal(`${address}  in ${file}; back it up\n`);
    expect(made.output).not.to.include(key.slice(2, 10));

    const shown = await run(["show"]);
    expect(shown.stdout).to.equal(`${address}  its key: the file ${file}\n`);
    const again = await run(["new", file]);
    expect(again.exitStatus).to.equal(2);
    expect(again.output).to.match(/cannot be made \(EEXIST\)\. Name one that does not exist/);
    expect(await readFile(join(folder, file), "utf8")).to.equal(key);
  });

  it("makes a keystore that others open, and shows its address", async () => {
    const flags = ["--passphrase-file", "passphrase", "--json"];
    const { exitStatus, stdout, output } = await run(["new", "signer.json", ...flags]);
    expect(exitStatus, output).to.equal(0);
    const keystore = await readFile(join(folder, "signer.json"), "utf8");
    expect((await stat(join(folder, "signer.json"))).mode & 0o777).to.equal(0o600);
    const { address } = Wallet.fromEncryptedJsonSync(keystore, "correct horse");
    expect(JSON.parse(stdout)).to.deep.equal({ address, file: "signer.json" });

    const settings = {
      GATEWAY_SIGNER: "keystore:signer.json",
      GATEWAY_SIGNER_PASSPHRASE_FILE: "passphrase",
    };
    const shown = await run(["show", "--json"], settings);
    expect(JSON.parse(shown.stdout)).to.deep.equal({ address, key: "the keystore signer.json" });
  });

  it("makes no key by showing, and tells an absent signer by 4", async () => {
    const absent = await run(["show"], { SIGNPOST_DIR: join(folder, "elsewhere") });
    expect(absent.exitStatus).to.equal(2);
    expect(absent.output).to.match(/There is no key file/);
    const away = await run(["show", "--json"], { GATEWAY_SIGNER: "http://127.0.0.1:1/" });
    expect(away.exitStatus).to.equal(4);
    expect(JSON.parse(away.stdout)).to.have.nested.property("error.code", "SIGNER_UNAVAILABLE");
  });
});
