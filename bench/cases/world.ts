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
import { compilePrograms } from "../servers/compilePrograms.js";
import { CHAIN_ID, RESOLVER, type Surroundings } from "../servers/servers.js";

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
  /** With this many names; made when it is first asked for. */
  dataset(size: number): Promise<Dataset>;
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
  const interruption = new AbortController();
  const datasets = new Map<number, Promise<Dataset>>();

  const dataset = async (size: number) => {
    const made =
      datasets.get(size) ??
      openDataset({
        serverUrl: server.url,
        size,
        people: await people,
        chainId: CHAIN_ID,
        resolver: RESOLVER,
        folder,
        mostInFile: MOST_ASKED_FOR,
        signal: interruption.signal,
      });
    datasets.set(size, made);
    return made;
  };
  let closing: Promise<void> | undefined;
  const close = async () => {
    interruption.abort();
    for (const made of datasets.values()) {
      // one that failed, or is interrupted now, has cleaned up after itself
      await made.then((done) => done.close()).catch(() => undefined);
    }
    await server.stop();
    for (const made of [folder, programs]) await rm(made, { recursive: true, force: true });
  };
  return {
    options,
    databaseUrl: server.url,
    instruments: { tool, connections: CONNECTIONS, postgresPid: server.postgresPid },
    signer: computeAddress(signerKey),
    dataset,
    surroundings: async ({ url }) => ({
      databaseUrl: url,
      signerKey,
      folder: await mkdtemp(join(folder, "server-")),
      programs,
    }),
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
