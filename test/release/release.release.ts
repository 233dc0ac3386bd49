/** The release tarball: installed as an operator does, and served from without developers' tools. */
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { childOf, type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What must not be on a production server. */
const FOR_DEVELOPERS =
  /node_modules\/(hardhat|typescript|tsx|ts-node|solc|mocha|chai|esbuild|eslint|prettier|viem|@nomicfoundation|@foundry-rs|@deltachat|@openzeppelin)\b/;
/** Of the operating system's account without rights. */
const NOBODY = 65_534;

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

describe("the release", function () {
  this.timeout(300_000);
  let folder: string;
  /** Where it is installed. */
  let home: string;

  before(async () => {
    folder = await temporaryFolder();
    home = join(folder, "signpost");
    await mkdir(home);
    const packed = await run("node", ["scripts/pack-release.mjs"], { cwd: ROOT });
    const tarball = packed.stdout.trimEnd().split("\n").at(-1) ?? "";
    await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", home]);
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: home });
  });
  after(() => removeFolder(folder));

  const lock = async (file: string) =>
    (JSON.parse(await readFile(join(home, file), "utf8")) as Lock).packages;

  it("has exactly the versions of package-lock.json", async () => {
    const ours = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")) as Lock;
    const installed = await lock("node_modules/.package-lock.json");
    expect(Object.keys(installed)).to.have.length.above(100);
    for (const [path, { version }] of Object.entries(installed)) {
      expect(version, path).to.equal(ours.packages[path]?.version);
    }
    const { "": root, ...shrinkwrap } = await lock("npm-shrinkwrap.json");
    expect(root).not.to.equal(undefined);
    expect(Object.keys(shrinkwrap)).to.include.members(Object.keys(installed));
  });

  it("has no developers' tools, sources or demo", async () => {
    const files = await readdir(home, { recursive: true });
    expect(files.filter((file) => FOR_DEVELOPERS.test(file))).to.deep.equal([]);
    const own = files.filter((file) => !file.startsWith("node_modules"));
    expect(own.filter((file) => /\.(ts|map)$|^(src|test|dist\/demo)\b/.test(file))).to.deep.equal(
      [],
    );
    expect(own).to.include.members([
      "npm-shrinkwrap.json",
      "dist/main.js",
      "bin/signpost.mjs",
      ".env.example",
      "artifacts/contracts/OffchainResolver.sol/OffchainResolver.json",
    ]);
  });

  it("runs every command's help, so that nothing that one loads is missing", async () => {
    const { stdout } = await signpost("--help");
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? "");
    expect(commands).to.include.members(["serve", "domain", "resolver", "doctor", "export"]);
    for (const name of commands) expect((await signpost(name, "--help")).stdout).to.match(/^Usage/);
  });

  it("serves as another user than root, on a file system that is read-only but for its folder", async function () {
    const state = join(folder, "state");
    await mkdir(state);
    await chmod(state, 0o777);
    const sandbox = await readOnlySandbox(state);
    if (sandbox === null) {
      console.log("      (skipped: this kernel, or this user, may make no mount namespace)");
      this.skip();
    }
    await writeFile(
      join(folder, "signpost.env"),
      `SIGNPOST_DIR=${join(state, "data")}\nPORT=0\nLOG_LEVEL=info\n`,
    );
    const serving = inSandbox(sandbox, "serve", "--env-file", join(folder, "signpost.env"));
    try {
      const url = await serving.printed(/Signpost listens on (http:[^\s"]+)/, 120_000);
      expect((await fetch(`${url}/health/live`)).status).to.equal(200);
      const ready = await fetch(`${url}/health/ready`);
      expect(ready.status, await ready.text()).to.equal(200);
      expect((await fetch(`${url}/lookup`)).status).to.equal(200);
      expect(serving.output()).not.to.match(/eight times as long/);

      // a command beside it finds its installation by the same file
      const added = inSandbox(
        sandbox,
        ...["domain", "add", "users.example.eth", "--chain", "31337"],
        ...["--resolver", `0x${"5f".repeat(20)}`, "--env-file", join(folder, "signpost.env")],
      );
      expect(await added.ended, added.output()).to.include({ exitStatus: 0 });
      expect(added.output()).to.match(/working on the running service's embedded Postgres/);
    } finally {
      serving.process.kill("SIGTERM");
    }
    expect(await serving.ended, serving.output()).to.include({ exitStatus: 0 });
  });

  it("examines a name with the doctor, and says what is wrong", async () => {
    const chain: LocalChain = await startLocalChain();
    try {
      const asked = await signpost("doctor", "nobody.example.eth", "--rpc", chain.rpcUrl).catch(
        (error: unknown) => error as { code: number; stdout: string },
      );
      expect(asked).to.have.property("code", 7);
      expect(asked.stdout).to.match(/ok rpc-reachable[^]*failed {2}nobody\.example\.eth/);
    } finally {
      await chain.stop();
    }
  });

  function signpost(...args: string[]) {
    const program = join(home, "bin/signpost.mjs");
    return run(process.execPath, [program, ...args], { cwd: folder, env: PRODUCTION });
  }

  /** What runs a command where only `state` can be written; null where that cannot be had. */
  async function readOnlySandbox(state: string): Promise<readonly string[] | null> {
    if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
    const script = `set -e
      mount --make-rprivate /
      mount --bind "$1" "$1"
      mount -o remount,bind,ro /
      shift
      exec setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups --no-new-privs "$@"`;
    const sandbox = ["--mount", "bash", "-c", script, "bash", state];
    try {
      const refused = await run("unshare", [
        ...sandbox,
        "bash",
        "-c",
        `touch "${folder}/x" || echo read-only`,
      ]);
      return refused.stdout === "read-only\n" ? sandbox : null;
    } catch {
      return null;
    }
  }

  function inSandbox(sandbox: readonly string[], ...args: string[]): ChildProgram {
    const command = [process.execPath, join(home, "bin/signpost.mjs"), ...args];
    return childOf(
      spawn("unshare", [...sandbox, ...command], {
        cwd: home,
        env: PRODUCTION,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }
});

const PRODUCTION = { PATH: process.env["PATH"] ?? "", NODE_ENV: "production" };
