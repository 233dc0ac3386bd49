/**
 * `npm run bench:transfer`: import and export beside Postgres's own COPY of the same rows into and out of the same tables and
 * indexes; an import with profiles beside the bare verification of their signatures on both cores, and beside the changes of
 * `/v1/batches` without their HTTP; and how far a mirror is behind under 500 changes a second. Writes its figures into `ratios`
 * of bench/results/latest.json; with --quick, or --thousands <of names>, it only prints them. --mirror measures that alone.
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { domainStore } from "../../src/db/domainStore.js";
import { migrate } from "../../src/db/migrate.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { addressFrom } from "../../src/ens/address.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { loadEngines } from "../../src/native/engines.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { changeEach } from "../../src/registry/changes/changeName.js";
import { noPause } from "../../src/registry/changes/clock.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { profileAction } from "../../src/registry/names/verifiedActions.js";
import { openBenchServer } from "../data/benchServer.js";
import { treeUsage } from "../measure/processUsage.js";
import { say } from "../progress.js";
import { keepRatios } from "../report/results.js";
import { DOMAIN, makeExport, nameOf, personOf } from "./madeExport.js";
import { mirrorLagMs } from "./mirrorLag.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const RESULTS = "latest.json";
const TABLES = ["name_head", "name", "name_history"];
const PATIENCE_MS = 60 * 60_000;
const MB = 1024 * 1024;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    thousands: { type: "string" },
    mirror: { type: "boolean", default: false },
  },
});
/** Of names without profiles; --quick and --thousands are smaller, and write no results. */
const thousands = flags.quick ? 20 : Number(flags.thousands ?? 1_000);
const isWhole = thousands === 1_000;
const sizes = { names: thousands * 1_000, profiles: thousands * 200, batched: thousands * 20 };
const mirrored = isWhole ? { names: 20_000, seconds: 60 } : { names: 2_000, seconds: 10 };

const folder = await mkdtemp("/tmp/signpost-bench-transfer-");
await chmod(folder, 0o777); // the server writes its own copies there
const postgres = await openBenchServer(join(ROOT, ".signpost"), true);
const { ecdsaSign } = await loadEngines();
try {
  await (flags.mirror ? mirrorAlone() : run());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const plain = join(folder, "plain.ndjson");
  const signed = join(folder, "signed.ndjson");
  const personNumber = (number: number) => personOf(number, ecdsaSign);
  say(`transfer: making exports of ${sizes.names} names, and of ${sizes.profiles} with profiles`);
  await makeExport(plain, sizes.names, null);
  await makeExport(signed, sizes.profiles, personNumber);

  const first = await openScratchDatabase(postgres.url);
  const imported = await command(first.url, "import", plain);
  const exported = await command(first.url, "export", DOMAIN, "--out", join(folder, "out.ndjson"));
  const copyOutSec = await copyAll(first.url, "to");
  await first.close();
  const copyInSec = await inNewDatabase((url) => copyAll(url, "from"));
  say("transfer: names without profiles are done");

  const importedProfiles = await inNewDatabase((url) => command(url, "import", signed));
  const verifySec = await bareVerification(sizes.profiles);
  const batchedSec = await inNewDatabase((url) => batches(url, sizes.batched));
  const importPerSec = sizes.profiles / importedProfiles.seconds;
  const ratios = {
    importVsBatches: importPerSec / (sizes.batched / batchedSec),
    importNamesVsCopy: copyInSec / imported.seconds,
    importProfilesVsVerify: verifySec / importedProfiles.seconds,
    importRssMb: Math.max(imported.rssMb, importedProfiles.rssMb),
    exportVsCopy: copyOutSec / exported.seconds,
    exportRssMb: exported.rssMb,
    mirrorLagMs: await mirrorLagMs(postgres.url, folder, mirrored),
  };
  const figures = {
    ...{ importSec: imported.seconds, copyInSec, exportSec: exported.seconds, copyOutSec },
    ...{ importProfilesSec: importedProfiles.seconds, verifySec, batchedSec },
  };
  for (const [key, value] of Object.entries({ ...figures, ...ratios })) {
    console.log(`${key.padEnd(24)} ${value.toFixed(2)}`);
  }
  await keep(ratios);
}

async function mirrorAlone(): Promise<void> {
  const ratios = { mirrorLagMs: await mirrorLagMs(postgres.url, folder, mirrored) };
  console.log(`mirrorLagMs              ${ratios.mirrorLagMs.toFixed(2)}`);
  await keep(ratios);
}

async function keep(ratios: Readonly<Record<string, number>>): Promise<void> {
  if (isWhole) await keepRatios(RESULTS, ratios);
}

async function inNewDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const database = await openScratchDatabase(postgres.url);
  try {
    return await work(database.url);
  } finally {
    await database.close();
  }
}

interface Taken {
  readonly seconds: number;
  /** Of the command with its threads; the server's is not counted. */
  readonly rssMb: number;
}

/** As people run it, with its start. */
async function command(url: string, ...args: string[]): Promise<Taken> {
  const before = performance.now();
  const child = spawn(process.execPath, [join(ROOT, "dist/cli/main.js"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: url },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let rssMb = 0;
  const look = setInterval(() => {
    void treeUsage(child.pid ?? 0).then((usage) => {
      rssMb = Math.max(rssMb, (usage?.peakRssBytes ?? 0) / MB);
    });
  }, 200);
  const status = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(look);
  if (status !== 0) throw new Error(`signpost ${args.join(" ")} ended with ${String(status)}.`);
  return { seconds: (performance.now() - before) / 1000, rssMb };
}

/** The server's own files: nothing on the way to a client is counted. The same rows for both directions. */
async function copyAll(url: string, direction: "to" | "from"): Promise<number> {
  return withTables(url, async (pool) => {
    const connection = await pool.connect();
    try {
      const ask = (text: string) =>
        connection.query(Object.assign({ text }, { query_timeout: PATIENCE_MS }));
      await ask(`set statement_timeout = ${PATIENCE_MS}`);
      if (direction === "from") {
        const key = apiKeyFrom(new Uint8Array(32));
        const resolver = addressFrom(new Uint8Array(20));
        await addDomain(domainStore(pool), { domain: DOMAIN, chainId: 1n, resolver }, key);
      }
      const before = performance.now();
      await ask("begin");
      for (const table of TABLES) await ask(`copy ${table} ${direction} '${join(folder, table)}'`);
      await ask("commit");
      return (performance.now() - before) / 1000;
    } finally {
      connection.release();
    }
  });
}

async function withTables<Result>(
  url: string,
  work: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const pool = openPool({ url });
  try {
    await migrate(pool, await registryTables());
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Half of them on each core; the slower half counts. */
async function bareVerification(count: number): Promise<number> {
  const half = Math.ceil(count / 2);
  const program = fileURLToPath(new URL("verifyProgram.ts", import.meta.url));
  const verify = (from: number, to: number) =>
    new Promise<number>((resolve, reject) => {
      const args = ["--import", TSX, program, String(from), String(to)];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      let printed = "";
      child.stdout.on("data", (text: Buffer) => (printed += text.toString()));
      child.on("exit", (status) => {
        if (status === 0) resolve(Number(printed) / 1000);
        else reject(new Error("The bare verification failed."));
      });
    });
  return Math.max(...(await Promise.all([verify(0, half), verify(half, count)])));
}

/** What a batch does behind its HTTP: it verifies each profile, and changes a hundred names at a time. */
async function batches(url: string, count: number): Promise<number> {
  const people = Array.from({ length: count }, (_, number) => personOf(number, ecdsaSign));
  return withTables(url, async (pool) => {
    const stores = { names: nameStore(pool), domains: domainStore(pool) };
    const resolver = addressFrom(new Uint8Array(20));
    const key = apiKeyFrom(new Uint8Array(32));
    await addDomain(stores.domains, { domain: DOMAIN, chainId: 1n, resolver }, key);
    const before = performance.now();
    const changes = people.map(({ address, signedUserProfile }, number) => ({
      ...{ domain: DOMAIN, name: nameOf(number), authority: { kind: "admin" } as const },
      actions: [profileAction(address, signedUserProfile)],
    }));
    await changeEach(stores, changes, Date.now, noPause);
    return (performance.now() - before) / 1000;
  });
}
