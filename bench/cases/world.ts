/** What all cases share: the database, the data, the people, the key and the instruments. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { computeAddress, hexlify } from "ethers";
import { type BenchServer, openBenchServer } from "../data/benchServer.js";
import { type Dataset, openDataset } from "../data/dataset.js";
import { makePeople } from "../data/people.js";
import { findLoadTool } from "../load/loadTool.js";
import type { Instruments } from "../measure/round.js";
import type { Options } from "../options.js";
import { type Build, buildOf, type EarlierBuild, THIS_BUILD } from "../servers/builds.js";
import { startBenchChain } from "../servers/chain.js";
import { compilePrograms } from "../servers/compilePrograms.js";
import { CHAIN_ID, RESOLVERS } from "../servers/resolvers.js";
import { startSignpost, type Surroundings } from "../servers/servers.js";

const CONNECTIONS = 32;
const PEOPLE = 64;
/** More than any server answers within the lifetime of an answer; enough to find none of them in a cache. */
const MOST_ASKED_FOR = 1_000_000;
/** Of this package, and where ten million names fit. */
const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));

export interface World {
  readonly options: Options;
  readonly databaseUrl: string;
  readonly instruments: Instruments;
  /** Checksummed address of the key that all servers sign with. */
  readonly signer: string;
  /**
   * With this many names, in a schema that the build made for itself, because an earlier one may not know ours; filled
   * when it is first asked for.
   */
  dataset(size: number, build?: Build): Promise<Dataset>;
  /** Another one, for a case that changes it. */
  newDataset(size: number): Promise<Dataset>;
  /** The build of the commit that was asked for, made when it is first asked for; null when none was. */
  before(): Promise<Build | null>;
  /** For a server that reads this dataset. */
  surroundings(dataset: Dataset): Promise<Surroundings>;
  /** Stops what is still being made; asked twice, does it once. */
  close(): Promise<void>;
}

export async function openWorld(options: Options): Promise<World> {
  const tool = await findLoadTool();
  const signerKey = hexlify(randomBytes(32));
  const folder = await mkdtemp(join(tmpdir(), "signpost-bench-"));
  const server = await openServer(folder);
  const programs = await compilePrograms(OWN_FOLDER);
  const people = makePeople(PEOPLE);
  const chain = await startBenchChain(computeAddress(signerKey));
  const interruption = new AbortController();
  const datasets = new Map<string, Promise<Dataset>>();
  let earlier: Promise<EarlierBuild> | undefined;

  const surroundings = async (url: string): Promise<Surroundings> => ({
    databaseUrl: url,
    signerKey,
    rpcUrl: chain.rpcUrl,
    folder: await mkdtemp(join(folder, "server-")),
    programs,
  });
  /** As an operator does: a build brings its database up to date when it starts. */
  const migrate = async (url: string, build: Build) => {
    const started = await startSignpost(await surroundings(url), { build, hasResolvers: false });
    await started.stop();
  };
  const make = async (key: string, size: number, build: Build) => {
    const made =
      datasets.get(key) ??
      openDataset({
        serverUrl: server.url,
        migrate: (url) => migrate(url, build),
        size,
        people: await people,
        chainId: CHAIN_ID,
        resolvers: RESOLVERS,
        folder,
        mostInFile: MOST_ASKED_FOR,
        signal: interruption.signal,
      });
    datasets.set(key, made);
    return made;
  };
  const dataset = (size: number, build = THIS_BUILD) =>
    make(`${size} ${build.program}`, size, build);
  let closing: Promise<void> | undefined;
  const close = async () => {
    interruption.abort();
    for (const made of datasets.values()) {
      // one that failed, or is interrupted now, has cleaned up after itself
      await made.then((done) => done.close()).catch(() => undefined);
    }
    await earlier?.then((build) => build.remove()).catch(() => undefined);
    await chain.stop();
    await server.stop();
    for (const made of [folder, programs]) await rm(made, { recursive: true, force: true });
  };
  return {
    options,
    databaseUrl: server.url,
    instruments: { tool, connections: CONNECTIONS, postgresPid: server.postgresPid },
    signer: computeAddress(signerKey),
    dataset,
    newDataset: (size) => make(`${size} of its own ${datasets.size}`, size, THIS_BUILD),
    before: async () =>
      options.before === null
        ? null
        : (earlier ??= buildOf(options.before, OWN_FOLDER, interruption.signal)),
    surroundings: ({ url }) => surroundings(url),
    close: () => (closing ??= close()),
  };
}

async function openServer(folder: string): Promise<BenchServer> {
  try {
    return await openBenchServer(OWN_FOLDER);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
