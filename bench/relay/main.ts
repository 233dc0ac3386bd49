/**
 * `npm run bench:relay`: our relay node beside the steps of dm3's delivery service, by the functions of its libraries (npm
 * 1.7.1), behind express: as shipped, and with its JSON schema compiled once. One Postgres with synchronous commit for all, 32
 * connections, distinct real envelopes, in turns. Only ours verifies the sender. Writes its figures into `ratios` of
 * bench/results/latest.json; with --quick it only prints them.
 *
 * "Senders not known" leaves out what reading ENS over a network would take, as the peer's receivers do.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import { SignpostError } from "../../src/errors.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { openBenchServer } from "../data/benchServer.js";
import { say } from "../progress.js";
import { readResults, writeResults } from "../report/results.js";
import { compilePrograms } from "../servers/compilePrograms.js";
import { ratiosOf, tableOf } from "./figures.js";
import { measure } from "./measure.js";
import { type NodeName, type RelayServer, startRelayServer } from "./relayServers.js";

const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));
const RESULTS = "latest.json";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** How many messages are kept beside; 0 leaves that case out. */
    kept: { type: "string", default: "1000000" },
  },
});
const folder = await mkdtemp(join(tmpdir(), "signpost-bench-"));
const postgres = await openBenchServer(OWN_FOLDER, true);
const programs = await compilePrograms(OWN_FOLDER);
const running: RelayServer[] = [];
const schemas: string[] = [];

let closing: Promise<void> | undefined;
const stop = () => void close().finally(() => process.exit(130));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
try {
  await run();
} finally {
  await close();
}

/** Asked twice, does it once. */
function close(): Promise<void> {
  return (closing ??= closeAll());
}

async function closeAll(): Promise<void> {
  for (const server of running) await server.stop();
  for (const schema of schemas) await once(`drop schema if exists ${schema} cascade`);
  await postgres.stop();
  for (const made of [folder, programs]) await rm(made, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const { rows } = await once("show synchronous_commit");
  if (rows[0]?.["synchronous_commit"] !== "on") {
    throw new SignpostError(
      "INTERNAL",
      "Postgres answers before it has written: set synchronous_commit=on.",
    );
  }
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const start = async (name: NodeName, schema: string, peopleFile: string) => {
    await once(`create schema ${schema}`);
    schemas.push(schema);
    const places = { databaseUrl: postgres.url, programs, keyFile, peopleFile };
    const server = await startRelayServer(name, places, schema);
    running.push(server);
    return server;
  };
  const findings = await measure({
    ...{ start, folder, databaseUrl: postgres.url, isQuick: flags.quick, kept: Number(flags.kept) },
  });
  console.log(tableOf(findings));
  const results = await readResults(RESULTS);
  if (flags.quick || results === null) return;
  const measured = Object.entries(ratiosOf(findings)).filter(([, value]) => value !== null);
  const ratios = { ...results.ratios, ...Object.fromEntries(measured) };
  await writeResults(RESULTS, { ...results, ratios });
  say(`wrote bench/results/${RESULTS}`);
}

async function once(sql: string): Promise<pg.QueryResult<Record<string, string>>> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
