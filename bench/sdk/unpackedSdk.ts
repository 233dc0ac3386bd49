/** The SDK's package as an app has it: unpacked from the tarball, beside its dependencies and nothing else. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface UnpackedSdk {
  /** Of the app; the package is in its node_modules. */
  readonly folder: string;
  /** Where each package is that npm would install: the SDK's, and what it depends on. */
  readonly packages: ReadonlyMap<string, string>;
  remove(): Promise<void>;
}

const run = promisify(execFile);

/** Packs, as `npm run pack:sdk` does, and unpacks. Packages come from the clone, nothing from a registry. */
export async function unpackSdk(): Promise<UnpackedSdk> {
  const { stdout } = await run(process.execPath, ["scripts/pack-sdk.mjs"], { cwd: ROOT });
  const tarball = stdout.trim().split("\n").at(-1) ?? "";
  const folder = await realpath(await mkdtemp(join(tmpdir(), "signpost-sdk-")));
  const modules = join(folder, "node_modules");
  const sdk = join(modules, "signpost-sdk");
  await mkdir(sdk, { recursive: true });
  await writeFile(join(folder, "package.json"), "{}");
  await run("tar", ["xzf", tarball, "-C", sdk, "--strip-components=1"]);
  const packages = new Map([["signpost-sdk", sdk]]);
  await addDependencies(packages, sdk, ROOT);
  for (const [name, path] of packages) {
    if (path === sdk) continue;
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(path, join(modules, name));
  }
  return { folder, packages, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** @param from where Node would begin to look for them */
async function addDependencies(
  packages: Map<string, string>,
  manifestFolder: string,
  from: string,
): Promise<void> {
  const { dependencies = {} } = await manifestOf(manifestFolder);
  for (const name of Object.keys(dependencies)) {
    if (packages.has(name)) continue;
    const path = await packageFolder(name, from);
    packages.set(name, path);
    await addDependencies(packages, path, path);
  }
}

export async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

async function packageFolder(name: string, from: string): Promise<string> {
  const path = join(from, "node_modules", name);
  const found = await realpath(path).catch(() => null);
  if (found !== null) return found;
  if (dirname(from) === from) throw new Error(`${name} is not installed; run npm ci.`);
  return packageFolder(name, dirname(from));
}
