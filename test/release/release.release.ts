/** The release tarball: installed as an operator does, and served from without developers' tools. */
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { installedRelease, NOBODY, PRODUCTION, ROOT, run } from "./installedRelease.js";
import { inSandbox, sandboxOrNull } from "./sandbox.js";

/** What must not be on a production server. */
const FOR_DEVELOPERS =
  /node_modules\/(hardhat|typescript|tsx|ts-node|solc|mocha|chai|esbuild|eslint|prettier|viem|@nomicfoundation|@foundry-rs|@deltachat|@openzeppelin)\b/;

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

describe("the release", function () {
  this.timeout(900_000);
  let folder: string;
  /** Where it is installed. */
  let home: string;

  before(async () => {
    ({ folder, home } = await installedRelease());
  });

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
    const sandbox = await sandboxOrNull({ writable: [state], user: NOBODY, cwd: home });
    if (sandbox === null) {
      console.log("      (skipped: this kernel, or this user, may make no mount namespace)");
      this.skip();
    }
    const signpostIn = (...args: string[]) =>
      inSandbox(sandbox, process.execPath, join(home, "bin/signpost.mjs"), ...args);
    await writeFile(
      join(folder, "signpost.env"),
      `SIGNPOST_DIR=${join(state, "data")}\nPORT=0\nLOG_LEVEL=info\n`,
    );
    const serving = signpostIn("serve", "--env-file", join(folder, "signpost.env"));
    try {
      const url = await serving.printed(/Signpost listens on (http:[^\s"]+)/, 120_000);
      expect((await fetch(`${url}/health/live`)).status).to.equal(200);
      const ready = await fetch(`${url}/health/ready`);
      expect(ready.status, await ready.text()).to.equal(200);
      expect((await fetch(`${url}/lookup`)).status).to.equal(200);
      expect(serving.output()).not.to.match(/eight times as long/);

      // a command beside it finds its installation by the same file
      const added = signpostIn(
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
});
