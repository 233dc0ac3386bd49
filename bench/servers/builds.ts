/** Builds of Signpost that can be measured: this checkout's, and one of an earlier commit beside it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SignpostError } from "../../src/errors.js";
import { say } from "../progress.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Build {
  readonly name: string;
  /** What `npm start` runs. */
  readonly program: string;
}

export const THIS_BUILD: Build = { name: "Signpost", program: join(ROOT, "dist/main.js") };

export interface EarlierBuild extends Build {
  remove(): Promise<void>;
}

/**
 * Checks `commit` out of this repository, below `folder`, and builds it by its own rules. Its packages are installed as
 * well, unless they are the very same as ours. Throws INVALID_REQUEST when there is no such commit, INTERNAL when it
 * cannot be built.
 */
export async function buildOf(
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<EarlierBuild> {
  const id = await commitId(commit);
  const name = `Signpost before (${id.slice(0, 7)})`;
  const checkout = await mkdtemp(join(folder, "bench-before-"));
  const remove = () => rm(checkout, { recursive: true, force: true });
  const run = (command: string, ...args: string[]) => runIn(checkout, signal, command, args);
  try {
    await run("git", "clone", "--quiet", "--shared", "--no-checkout", ROOT, ".");
    await run("git", "checkout", "--quiet", "--detach", id);
    if (await needsOurPackages(checkout)) {
      await symlink(join(ROOT, "node_modules"), join(checkout, "node_modules"), "junction");
    } else {
      say(`installing the packages of ${id.slice(0, 7)}, which takes a minute`);
      await run("npm", "ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund");
    }
    say(`building ${id.slice(0, 7)}`);
    await run("npm", "run", "--silent", "build");
  } catch (error) {
    await remove();
    throw error;
  }
  return { name, program: join(checkout, "dist/main.js"), remove };
}

async function commitId(commit: string): Promise<string> {
  const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`];
  try {
    const { stdout } = await promisify(execFile)("git", asked, { cwd: ROOT });
    return stdout.trim();
  } catch {
    throw new SignpostError(
      "INVALID_REQUEST",
      `This checkout has no commit ${commit}; give one that \`git log\` shows, and fetch it first if need be.`,
    );
  }
}

async function needsOurPackages(checkout: string): Promise<boolean> {
  const lock = "package-lock.json";
  const [theirs, ours] = await Promise.all([
    readFile(join(checkout, lock), "utf8"),
    readFile(join(ROOT, lock), "utf8"),
  ]);
  return theirs === ours;
}

const LAST_WORDS = 2_000;

async function runIn(
  cwd: string,
  signal: AbortSignal,
  command: string,
  args: readonly string[],
): Promise<void> {
  const env = { ...withoutNpm(process.env), HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
  const shell = process.platform === "win32";
  const options = { cwd, env, signal, shell, maxBuffer: 64 * 2 ** 20 };
  try {
    await promisify(execFile)(command, args, options);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const words = (stdout + stderr).trim() || String(error);
    throw new SignpostError(
      "INTERNAL",
      `\`${[command, ...args].join(" ")}\` failed. Its last words:\n${words.slice(-LAST_WORDS)}`,
    );
  }
}

/** `npm run bench` tells its children of this package, which is not the one that they are to build. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name)),
  );
}
