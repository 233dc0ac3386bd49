/** The load generator: wrk where it is installed, autocannon otherwise; a process of its own in either case. */
import { execFile, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { SignpostError } from "../../src/errors.js";
import { cpuSecOf } from "../measure/processUsage.js";

export interface Load {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Of each request, with the blanks of `fillIn`. */
  readonly pathTemplate: string;
  readonly namesFile: string;
  /** The line of the file to begin with; after the last one, the first one follows. */
  readonly firstName: number;
  /** What the first request has for `{counter}`. */
  readonly firstCounter: number;
  /** What stands for `{resolver}`, by turns. */
  readonly resolvers: readonly string[];
  readonly seconds: number;
  readonly connections: number;
}

/** What a load generator prints, as JSON after this word. */
export const RESULT_MARK = "RESULT ";

export interface LoadResult {
  readonly requests: number;
  /** Answers other than 2xx, and connections or requests that failed. */
  readonly failures: number;
  readonly seconds: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface LoadTool {
  /** With its version. */
  readonly name: string;
  /** Also says how many CPU seconds the load generator took itself; null where that is not known. */
  run(load: Load): Promise<LoadResult & { readonly cpuSec: number | null }>;
}

const WRK_SCRIPT = fileURLToPath(new URL("wrk.lua", import.meta.url));
const AUTOCANNON_SCRIPT = fileURLToPath(new URL("autocannon.ts", import.meta.url));

/** @param program wrk's */
export async function findLoadTool(program = "wrk"): Promise<LoadTool> {
  // it prints its version and ends with status 1
  const wrk = await promisify(execFile)(program, ["-v"]).catch((error: unknown) => error);
  const version = /^wrk (\S+)/.exec((wrk as { stdout?: string }).stdout ?? "")?.[1];
  if (version !== undefined) {
    return { name: `wrk ${version}`, run: (load) => run(program, wrkArguments(load)) };
  }
  const require = createRequire(import.meta.url);
  const manifest = require("autocannon/package.json") as { version: string };
  return {
    name: `autocannon ${manifest.version}`,
    run: (load) =>
      run(process.execPath, [
        ...["--import", pathToFileURL(require.resolve("tsx")).href, AUTOCANNON_SCRIPT],
        JSON.stringify(load),
      ]),
  };
}

function wrkArguments(load: Load): string[] {
  const { origin, pathTemplate, namesFile, seconds, connections } = load;
  const first = [load.firstName, load.firstCounter].map(String);
  const request = `GET ${pathTemplate} HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n\r\n`;
  return [
    // one thread: it keeps up, and leaves the other cores alone
    ...["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", WRK_SCRIPT, origin],
    ...["--", request, namesFile, ...first, ...load.resolvers],
  ];
}

const SAMPLING_MS = 100;

async function run(
  command: string,
  args: readonly string[],
): Promise<LoadResult & { cpuSec: number | null }> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let cpuSec: number | null = null;
  // after its end nobody knows any more; the last tenth of a second is lost
  const sampling = setInterval(() => {
    if (child.pid === undefined) return;
    void cpuSecOf(child.pid).then((now) => (cpuSec = now ?? cpuSec));
  }, SAMPLING_MS);
  try {
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const line = output.split("\n").find((printed) => printed.startsWith(RESULT_MARK));
    if (line === undefined) {
      throw new SignpostError(
        "INTERNAL",
        `The load generator gave no result. Its last words:\n${(errors + output).slice(-2000)}`,
      );
    }
    return { ...(JSON.parse(line.slice(RESULT_MARK.length)) as LoadResult), cpuSec };
  } finally {
    clearInterval(sampling);
  }
}
