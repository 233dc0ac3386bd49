/**
 * `npm run bench:files`: through how many files one lookup runs, from the request to the signed answer, and through which.
 * Counted are those of our own of which a function runs in the event loop; the thread that signs is not seen.
 */
import { dirname, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/demo/freePort.js";
import { isSignpostError, SignpostError } from "../../src/errors.js";
import { openWorld, type World } from "../cases/world.js";
import { MULTICALL_QUERY } from "../data/query.js";
import { type Contestant, sampleRequests } from "../measure/contestant.js";
import { readOptions } from "../options.js";
import { say } from "../progress.js";
import { type Build, THIS_BUILD } from "../servers/builds.js";
import { CHAIN_ID, RESOLVER } from "../servers/resolvers.js";
import type { RunningServer } from "../servers/serverProcess.js";
import { startSignpost } from "../servers/servers.js";
import { inspect } from "./runFiles.js";

/** What runs beside a lookup by chance does not run beside all of them. */
const LOOKUPS = 5;
/** After this, domains are read again: the longest way leads through that as well. */
const DOMAINS_FRESH_MS = 1_100;

try {
  await printFiles();
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = error.code === "INVALID_REQUEST" ? 2 : 1;
}

async function printFiles(): Promise<void> {
  const world = await openWorld(readOptions(process.argv.slice(2)));
  const stop = () => void world.close().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    const before = await world.before();
    for (const build of before === null ? [THIS_BUILD] : [before, THIS_BUILD]) {
      const files = await filesOfLookup(world, build);
      console.log(`\n${build.name}: ${files.length} files\n${files.join("\n")}`);
    }
  } finally {
    await world.close();
  }
}

/** Of a cold lookup, a POST of several records of a name. Below the folder of the program. */
async function filesOfLookup(of: World, build: Build): Promise<readonly string[]> {
  const dataset = await of.dataset(LOOKUPS, build);
  const port = await freePort();
  const nodeOptions = [`--inspect=127.0.0.1:${port}`];
  const server = await startSignpost(await of.surroundings(dataset), { build, nodeOptions });
  try {
    say(`following lookups through ${build.name}`);
    const inspector = await inspect(port);
    const contestant: Contestant = {
      ...{ name: build.name, server, dataset, query: MULTICALL_QUERY },
      asked: 0,
    };
    const ofAll: ReadonlySet<string>[] = [];
    for (const { callData } of await sampleRequests(contestant, 0, LOOKUPS)) {
      await delay(DOMAINS_FRESH_MS);
      ofAll.push(await inspector.filesOf(() => post(server, callData)));
    }
    inspector.close();
    const [first, ...others] = ofAll;
    return [...(first ?? [])]
      .filter((url) => others.every((files) => files.has(url)))
      .flatMap((url) => (url.startsWith("file:") ? [fileURLToPath(url)] : []))
      .map((file) => relative(dirname(build.program), file))
      .filter((file) => !file.startsWith(".."))
      .sort();
  } finally {
    await server.stop();
  }
}

async function post({ name, origin }: RunningServer, data: string): Promise<void> {
  const url = `${origin}/ccip/${CHAIN_ID.toString()}/${RESOLVER}`;
  const body = JSON.stringify({ data, sender: RESOLVER });
  const { status } = await fetch(url, { method: "POST", body });
  if (status !== 200)
    throw new SignpostError("INTERNAL", `${name} answered with status ${status}.`);
}
