/**
 * `npm run bench:storage`: our storage beside the statements of dm3's backend behind express, on one Postgres with synchronous
 * commit, in turns. A login with 100 conversations of 1,000 messages; 1,000 messages added in batches; and a login beside ten
 * million rows of others. Writes its figures into `ratios` of bench/results/latest.json; with --quick it only prints them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { openBenchServer } from "../data/benchServer.js";
import { say } from "../progress.js";
import { makePeople } from "../relay/people.js";
import { readResults, writeResults } from "../report/results.js";
import { compilePrograms } from "../servers/compilePrograms.js";
import { additions, logins } from "./cases.js";
import { FEW, type Findings, MANY, ratiosOf, tableOf } from "./figures.js";
import { fill, type Rows, USUAL_BYTES } from "./rows.js";
import {
  OURS,
  REFERENCE,
  startStorageServer,
  type StorageName,
  type StorageServer,
} from "./storageServers.js";

const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));
const RESULTS = "latest.json";
const SHORT_BYTES = 100;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** How many rows of others are kept beside; 0 leaves that case out. */
    kept: { type: "string", default: "10000000" },
  },
});
const rounds = flags.quick ? 3 : 7;
const whole: Rows = flags.quick
  ? { conversations: 20, messages: 200, bytes: USUAL_BYTES, others: 0 }
  : { conversations: 100, messages: 1_000, bytes: USUAL_BYTES, others: 0 };
const adding = { messages: 1_000, inBatch: 100 };
const few: Rows = { conversations: 100, messages: 100, bytes: SHORT_BYTES, others: 0 };

const folder = await mkdtemp(join(tmpdir(), "signpost-bench-"));
const postgres = await openBenchServer(OWN_FOLDER, true);
const programs = await compilePrograms(OWN_FOLDER);
const running: StorageServer[] = [];
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
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const people = await makePeople({ regulars: 0, strangers: 0, receivers: 1 }, folder);
  const [user] = people.receivers;
  if (user === undefined) throw new Error("Nobody signs in.");
  const start = async (name: StorageName, schema: string, rows: Rows) => {
    say(`${name}: ${rows.conversations} conversations of ${rows.messages}, ${rows.others} others`);
    await once(`create schema ${schema}`);
    schemas.push(schema);
    const places = { databaseUrl: postgres.url, programs, keyFile, peopleFile: people.file };
    const server = await startStorageServer(name, places, schema, user);
    running.push(server);
    await fill(server, postgres.url, user.name, rows);
    return server;
  };
  const sides = [];
  for (const name of [OURS, REFERENCE] as const) {
    const schema = name === OURS ? "storage_own" : "storage_reference";
    sides.push({ label: name, server: await start(name, schema, whole) });
  }
  say("logging in");
  const loggedIn = await logins(sides, user.name, whole.conversations, rounds);
  say("adding");
  const added = await additions(sides, user.name, adding, rounds);
  const others = Number(flags.kept);
  let kept: Findings["kept"] = null;
  if (others > 0) {
    const both = [
      { label: FEW, server: await start(OURS, "storage_few", few) },
      { label: MANY, server: await start(OURS, "storage_many", { ...few, others }) },
    ];
    kept = { rows: others, logins: await logins(both, user.name, few.conversations, rounds) };
  }
  const findings = { logins: loggedIn, additions: added, kept };
  console.log(tableOf(findings));
  const results = await readResults(RESULTS);
  if (flags.quick || results === null) return;
  const measured = Object.entries(ratiosOf(findings)).filter(([, value]) => value !== null);
  const ratios = { ...results.ratios, ...Object.fromEntries(measured) };
  await writeResults(RESULTS, { ...results, ratios });
  say(`wrote bench/results/${RESULTS}`);
}

async function once(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
