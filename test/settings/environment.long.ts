/** Where the settings come from, seen from outside: the file .env, and what becomes of one that cannot be read. */
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";

describe("environment", function () {
  this.timeout(180_000);
  let folder: string;
  let file: string;
  before(async () => {
    folder = await temporaryFolder();
    file = join(folder, ".env");
  });
  afterEach(() => rm(file, { recursive: true, force: true }));
  after(() => removeFolder(folder));

  const ended = async (program: string, args: string[], settings: Record<string, string> = {}) => {
    const started = startProgram(program, args, { cwd: folder, settings });
    return { ...(await started.ended), output: started.output() };
  };

  const unreadable: Readonly<Record<string, () => Promise<unknown>>> = {
    "a folder (EISDIR)": () => mkdir(file),
    "a link to itself (ELOOP)": () => symlink(".env", file),
  };
  for (const [what, make] of Object.entries(unreadable)) {
    it(`is refused with a sentence where .env is ${what}`, async () => {
      await make();
      const code = /E[A-Z]+/.exec(what)?.[0] ?? "";
      const sentence = `signpost: The settings in .env cannot be read (${code}). Make it a file that this account may read, or move it away.\n`;
      for (const [program, exitStatus] of [
        ["src/cli/main.ts", 2],
        ["src/main.ts", 1],
      ] as const) {
        const seen = await ended(program, exitStatus === 2 ? ["domain", "list"] : []);
        expect(seen, program).to.deep.include({ exitStatus, output: sentence });
      }
    });
  }

  it("gives .env to commands, and what the environment says before it", async () => {
    await writeFile(file, "RPC_URL=ftp://from-the-file\n");
    const resolve = ["resolve", "alice.example.eth"];
    const wrong = /RPC URL is not an absolute http: or https: URL/;
    expect((await ended("src/cli/main.ts", resolve)).output).to.match(wrong);
    const settings = { RPC_URL: "http://127.0.0.1:1" };
    expect(await ended("src/cli/main.ts", resolve, settings)).to.include({ exitStatus: 4 });
  });

  it("is warned of where a name in it is nearly one of ours, once, and its value is not repeated", async () => {
    await writeFile(file, "GATEWAY_SINGER_KEY=0xhunter2\nLOG_LEVEL=shout\n");
    const warning =
      "signpost: GATEWAY_SINGER_KEY is no setting of Signpost; did you mean GATEWAY_SIGNER_KEY?\n";
    for (const [program, ...args] of [
      ["src/cli/main.ts", "domain", "list"],
      ["src/main.ts"],
    ] as const) {
      const { output, stdout } = await ended(program, args, { PROCESSES: "2" });
      expect(output)
        .to.match(/LOG_LEVEL/)
        .and.not.to.include("hunter2");
      expect(output.split(warning), output).to.have.length(2);
      expect(stdout).to.equal("");
    }
  });

  it("is not needed to tell the version", async () => {
    const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await ended("src/cli/main.ts", ["--version"])).to.deep.include({
      exitStatus: 0,
      stdout: `${version}\n`,
    });
  });

  it("gives commands and the service the file of --env-file, instead of .env", async () => {
    const given = join(folder, "unit.env");
    await writeFile(file, "SIGNPOST_DIR=from-dot-env\n");
    await writeFile(given, "SIGNPOST_DIR=from-the-unit\nGATEWAY_SINGER_KEY=0x\n");
    const sentence = /no service ever ran with the folder .*from-the-unit\/postgres/;
    for (const args of [
      ["--env-file", given, "domain", "list"],
      ["domain", "list", `--env-file=${given}`],
      ["domain", "--env-file", "unit.env", "list"],
    ]) {
      const { exitStatus, output } = await ended("src/cli/main.ts", args);
      expect(exitStatus, output).to.equal(2);
      expect(output).to.match(sentence);
      expect(output).to.include("GATEWAY_SINGER_KEY is no setting of Signpost; did you mean");
    }
    const other = { SIGNPOST_DIR: "of-the-shell" };
    const overridden = await ended(
      "src/cli/main.ts",
      ["domain", "list", "--env-file", given],
      other,
    );
    expect(overridden.output).to.match(/the folder .*of-the-shell\/postgres/);
    expect(overridden.output).to.include(
      `signpost: SIGNPOST_DIR of the environment counts, and not that of ${given}, which is another one.`,
    );
    await writeFile(given, "PORT=no-port\n");
    const serving = await ended("src/cli/main.ts", ["serve", "status", "--env-file", given]);
    expect(serving.output).to.match(/Correct these settings .*PORT: /);
    expect(serving.exitStatus).to.equal(2);
  });

  it("refuses an --env-file that is not there, cannot be read, or is given twice", async () => {
    // Node itself may see to it that the file is there
    const missing = await ended("src/cli/main.ts", ["domain", "list", "--env-file", "nowhere"]);
    expect(missing.exitStatus).not.to.equal(0);
    expect(missing.output).to.match(/nowhere/);
    const folderGiven = await ended("src/cli/main.ts", ["domain", "list", "--env-file", "."]);
    expect(folderGiven.exitStatus).not.to.equal(0);
    expect(folderGiven.output).to.match(
      /cannot be read \(EISDIR\)\. Give --env-file a file|not found|invalid format/,
    );
    await writeFile(join(folder, "a.env"), "");
    for (const args of [["--env-file"], ["--env-file", "a.env", "--env-file", "a.env"]]) {
      const { exitStatus, output } = await ended("src/cli/main.ts", ["domain", "list", ...args]);
      expect(exitStatus, output).to.equal(2);
      expect(output).to.match(/--env-file takes one file, and stands once/);
    }
  });
});
