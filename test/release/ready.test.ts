/** When what was built counts as built of these sources, in a small clone of its own. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { removeFolder, temporaryFolder } from "../childProgram.js";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What a build is made of, beside src and contracts. */
const INPUTS = ["hardhat.config.ts", "tsconfig.json", "tsconfig.build.json"];
/** Writes before it fails, as the compiler does. */
const BUILD = `
  import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
  mkdirSync("dist", { recursive: true });
  copyFileSync("src/main.ts", "dist/main.js");
  if (readFileSync("src/main.ts", "utf8").includes("wrong")) process.exit(1);
  if (readFileSync("src/main.ts", "utf8") === "changes") writeFileSync("src/main.ts", "changed");`;

describe("scripts/ready", function () {
  this.timeout(180_000);
  let clone: string;

  beforeEach(async () => {
    clone = await temporaryFolder();
    for (const folder of ["src", "contracts", "scripts"]) await mkdir(join(clone, folder));
    for (const script of ["ready", "forget-build", "build-page", "copy-sql"]) {
      await copyFile(join(ROOT, `scripts/${script}.mjs`), join(clone, `scripts/${script}.mjs`));
    }
    for (const file of INPUTS) await write(file, "");
    const named = { name: "clone", version: "1.0.0" };
    await write("package.json", JSON.stringify({ ...named, scripts: { build: "node build.mjs" } }));
    await write(
      "package-lock.json",
      JSON.stringify({ ...named, lockfileVersion: 3, packages: { "": named } }),
    );
    await write("build.mjs", BUILD);
    await write("src/main.ts", "right");
  });
  afterEach(() => removeFolder(clone));

  const write = (file: string, text: string) => writeFile(join(clone, file), text);
  const built = () => readFile(join(clone, "dist/main.js"), "utf8");
  const ready = (...args: string[]) => run("node", ["scripts/ready.mjs", ...args], { cwd: clone });
  const isBuilding = async () => (await ready()).stderr.includes("signpost: build (");

  it("builds once for the same sources, and again after each change", async () => {
    expect(await isBuilding()).to.equal(true);
    expect(await isBuilding()).to.equal(false);
    await write("src/main.ts", "changed");
    expect(await isBuilding()).to.equal(true);
    expect(await built()).to.equal("changed");
  });

  it("builds again when a change that failed to build is taken back", async () => {
    await ready();
    await write("src/main.ts", "wrong");
    const failed = await ready().catch((error: unknown) => error);
    expect(failed).to.be.an("error").with.property("code", 1);
    await write("src/main.ts", "right");
    await ready();
    expect(await built()).to.equal("right");
  });

  it("fails where sources change during a build, also where that is taken back", async () => {
    await write("src/main.ts", "changes");
    const failed: unknown = await ready().catch((error: unknown) => error);
    expect(failed).to.be.an("error").with.property("code", 1);
    expect((failed as { stderr: string }).stderr).to.match(
      /changed during the build.* Run this again/,
    );
    await write("src/main.ts", "right");
    expect(await isBuilding()).to.equal(true);
    expect(await built()).to.equal("right");
  });

  it("builds again after a build by hand, which may have been of other sources", async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const forget = "node scripts/forget-build.mjs";
    for (const script of ["build", "build:page"]) {
      expect(scripts[script]).to.match(new RegExp(`^${forget} && `));
    }
    await ready();
    await run("node", ["scripts/forget-build.mjs"], { cwd: clone });
    expect(await isBuilding()).to.equal(true);
    expect(scripts["pack"]).to.match(/ready\.mjs --anew /);
  });

  it("builds in an empty folder for what is packed", async () => {
    await ready();
    await write("dist/removed.js", "of a source that is gone");
    await write("print.mjs", "console.log(process.argv.slice(2).join());");
    const { stdout } = await ready("--anew", "print.mjs", "an argument");
    expect(stdout).to.equal("an argument\n");
    expect((await readdir(join(clone, "dist"))).sort()).to.deep.equal([
      ".signpost-built",
      "main.js",
    ]);
  });

  const sourcesOf = async (folder: string) => {
    const script = JSON.stringify(new URL("../../scripts/sourcesOf.mjs", import.meta.url).href);
    const code = `console.log((await import(${script})).sourcesOf(process.argv[1]))`;
    return (await run("node", ["--input-type=module", "-e", code, folder])).stdout.trimEnd();
  };

  it("says of which commit sources are, and whether they are as it has them", async () => {
    expect(await sourcesOf(clone)).to.match(/commit is not known/);
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: clone });
    await git("init", "-q");
    await git("add", ".");
    await git("commit", "-qm", "a");
    const { stdout } = await git("rev-parse", "HEAD");
    expect(await sourcesOf(clone)).to.equal(`commit ${stdout.trim()}`);
    await write("src/main.ts", "changed");
    await write("src/new.ts", "new");
    expect(await sourcesOf(clone)).to.equal(
      `commit ${stdout.trim()}, with 2 files that are not as committed`,
    );
  });
});
