/** The release, packed once for all files of this suite and installed as an operator does. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../childProgram.js";

export const run = promisify(execFile);
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Of the operating system's account without rights. */
export const NOBODY = 65_534;
export const PRODUCTION = { PATH: process.env["PATH"] ?? "", NODE_ENV: "production" };

export interface InstalledRelease {
  readonly tarball: string;
  /** Any user may enter it. */
  readonly folder: string;
  /** Where it is installed. */
  readonly home: string;
}

let installing: Promise<InstalledRelease> | undefined;

export function installedRelease(): Promise<InstalledRelease> {
  return (installing ??= install());
}

async function install(): Promise<InstalledRelease> {
  const folder = await temporaryFolder();
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const home = join(folder, "signpost");
  await mkdir(home);
  const packed = await run("node", ["scripts/pack-release.mjs"], { cwd: ROOT });
  const tarball = packed.stdout.trimEnd().split("\n").at(-1) ?? "";
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", home]);
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: home });
  return { tarball, folder, home };
}
