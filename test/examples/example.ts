/** One of examples/ as somebody has it who copied the folder: installed, with the SDK from its tarball, and built. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { removeFolder, temporaryFolder } from "../childProgram.js";

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const EXAMPLES = join(ROOT, "examples");
const INSTALL_TIMEOUT_MS = 300_000;
const NOT_COPIED = /\/(?:node_modules|dist|\.next|\.env\.local|package-lock\.json)$/;

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

/** What `npm run pack:sdk` prints. */
export async function packSdk(): Promise<string> {
  const { stdout } = await run(process.execPath, ["scripts/pack-sdk.mjs"], { cwd: ROOT });
  return stdout.trim().split("\n").at(-1) ?? "";
}

export interface BuiltExample {
  readonly folder: string;
  /** Starts what its package.json calls `next start`; resolves to the URL that it prints. */
  startNext(): Promise<string>;
  remove(): Promise<void>;
}

/** @param demoFile what the demo writes, of the world that the example is to ask */
export async function buildExample(
  name: string,
  tarball: string,
  demoFile: string,
): Promise<BuiltExample> {
  const folder = await temporaryFolder();
  const stops: (() => Promise<void>)[] = [];
  const example = {
    folder,
    startNext: async () => {
      const { url, stop } = await startNext(folder);
      stops.push(stop);
      return url;
    },
    remove: async () => {
      for (const stop of stops) await stop();
      await removeFolder(folder);
    },
  };
  try {
    await cp(join(EXAMPLES, name), folder, {
      recursive: true,
      filter: (file) => !NOT_COPIED.test(file),
    });
    const manifest = await manifestOf(folder);
    const dependencies = { ...manifest.dependencies, "signpost-sdk": `file:${tarball}` };
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ ...manifest, dependencies }, null, 2),
    );
    await run(process.execPath, [join(EXAMPLES, "demo-env.mjs"), demoFile], { cwd: folder });
    await npm(folder, "install", "--no-audit", "--no-fund");
    await npm(folder, "run", "build");
    return example;
  } catch (error) {
    await example.remove();
    throw error;
  }
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const options = { cwd, env: ownEnvironment(), timeout: INSTALL_TIMEOUT_MS, maxBuffer: 2 ** 26 };
  await run("npm", args, options).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`, {
      cause: error,
    });
  });
}

async function startNext(
  cwd: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", "0"],
    { cwd, env: ownEnvironment(), stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(server, "close");
  const stop = async () => {
    server.kill();
    await ended;
  };
  let output = "";
  for await (const chunk of server.stdout as AsyncIterable<Buffer>) {
    output += chunk.toString();
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
    if (url !== undefined && output.includes("Ready")) return { url, stop };
  }
  await stop();
  throw new Error(`next start ended:\n${output}`);
}

/** Not what npm and mocha told this process: an example is built as on its own. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    ...(PATH !== undefined && { PATH }),
    ...(HOME !== undefined && { HOME }),
    NODE_ENV: undefined,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}
