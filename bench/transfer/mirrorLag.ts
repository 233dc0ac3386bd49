/**
 * How far a mirror is behind while its primary is changed: two services as people run them, each on a database of its own, and
 * changes at a steady rate. Of each of them the time counts from its commit until the mirror's database has it.
 */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { domainStore } from "../../src/db/domainStore.js";
import { migrate } from "../../src/db/migrate.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { addressFrom } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { changeEach } from "../../src/registry/changes/changeName.js";
import { noPause } from "../../src/registry/changes/clock.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { say } from "../progress.js";
import { DOMAIN, nameOf } from "./madeExport.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const API_KEY = apiKeyFrom(new Uint8Array(32));
/** Ten times a second. */
const WRITTEN_AT_ONCE = 50;
const WRITE_EVERY_MS = 100;
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 10 * 60_000;

export interface MirrorLoad {
  readonly names: number;
  readonly seconds: number;
}

/** The longest time that one change took, in milliseconds. */
export async function mirrorLagMs(
  serverUrl: string,
  folder: string,
  { names, seconds }: MirrorLoad,
): Promise<number> {
  const [primary, mirror] = [
    await openScratchDatabase(serverUrl),
    await openScratchDatabase(serverUrl),
  ];
  const [there, here] = [openPool({ url: primary.url }), openPool({ url: mirror.url })];
  const running: Service[] = [];
  try {
    await migrate(there, await registryTables());
    const served = { domain: DOMAIN, chainId: 1n, resolver: addressFrom(new Uint8Array(20)) };
    await addDomain(domainStore(there), served, API_KEY);
    for (let at = 0; at < names; at += 1_000)
      await write(there, at, Math.min(1_000, names - at), 0);
    const [atPrimary, atMirror] = [join(folder, "primary"), join(folder, "mirror")];
    running.push(await startService(atPrimary, primary.url, {}));
    const secrets = await secretsOf(atMirror);
    await addMirror(atMirror, mirror.url, running[0]?.url ?? "", secrets);
    running.push(await startService(atMirror, mirror.url, secrets));
    await until(async () => (await countOf(here)) === names);
    say(`transfer: ${names} names are copied; now ${seconds} s of changes`);
    return await longestLag(there, here, { names, seconds });
  } finally {
    for (const service of running) await service.stop();
    await Promise.all([there.end(), here.end()]);
    await Promise.all([primary.close(), mirror.close()]);
  }
}

async function longestLag(
  there: Pool,
  here: Pool,
  { names, seconds }: MirrorLoad,
): Promise<number> {
  const waiting: { readonly number: number; readonly at: number; readonly sinceMs: number }[] = [];
  let [longest, isWriting] = [0, true];
  const looking = (async () => {
    while (isWriting || waiting.length > 0) {
      const [first] = waiting;
      if (first === undefined || !(await hasAll(here, first))) {
        await delay(LOOK_EVERY_MS);
        continue;
      }
      waiting.shift();
      longest = Math.max(longest, performance.now() - first.sinceMs);
    }
  })();
  const begunMs = performance.now();
  for (let number = 1; number * WRITE_EVERY_MS <= seconds * 1_000; number++) {
    const at = (number * WRITTEN_AT_ONCE) % names;
    await write(there, at, WRITTEN_AT_ONCE, number);
    waiting.push({ number, at, sinceMs: performance.now() });
    await delay(Math.max(0, begunMs + number * WRITE_EVERY_MS - performance.now()));
  }
  const tookSec = (performance.now() - begunMs) / 1_000;
  say(`transfer: ${Math.round((seconds * 10 * WRITTEN_AT_ONCE) / tookSec)} changes a second`);
  isWriting = false;
  await looking;
  return longest;
}

async function write(pool: Pool, at: number, count: number, number: number): Promise<void> {
  const stores = { names: nameStore(pool), domains: domainStore(pool) };
  const texts = new Map([["written", String(number)]]);
  const changes = Array.from({ length: count }, (_, index) => ({
    ...{ domain: DOMAIN, name: nameOf(at + index), authority: { kind: "admin" } as const },
    actions: [{ kind: "setRecords", records: { texts } } as const],
  }));
  await changeEach(stores, changes, Date.now, noPause);
}

async function hasAll(
  pool: Pool,
  { number, at }: { number: number; at: number },
): Promise<boolean> {
  const nodes = Array.from({ length: WRITTEN_AT_ONCE }, (_, index) => namehash(nameOf(at + index)));
  const { rows } = await pool.query<{ count: string }>(
    "select count(*) from name where node = any($1::bytea[]) and (texts ->> 'written')::integer >= $2",
    [nodes, number],
  );
  return Number(rows[0]?.count) === WRITTEN_AT_ONCE;
}

async function countOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>("select count(*) from name");
  return Number(rows[0]?.count);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error("The mirror did not copy the domain.");
    await delay(LOOK_EVERY_MS * 5);
  }
}

async function secretsOf(folder: string): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "wrapping.key");
  await makeKeyFile(file);
  return { SECRETS_KEY_LOCATION: `file:${file}` };
}

async function addMirror(
  folder: string,
  databaseUrl: string,
  primaryUrl: string,
  settings: Record<string, string>,
): Promise<void> {
  const file = join(folder, "primary.key");
  await writeFile(file, API_KEY, { mode: 0o600 });
  const args = ["mirror", "add", DOMAIN, "--from", primaryUrl, "--key-file", file];
  const program = run(folder, "dist/cli/main.js", databaseUrl, settings, [
    ...args,
    ...["--private-network", "127.0.0.0/8"],
  ]);
  const status = await new Promise((resolve) => program.on("exit", resolve));
  if (status !== 0) throw new Error(`signpost mirror add ended with ${String(status)}.`);
}

interface Service {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function startService(
  folder: string,
  databaseUrl: string,
  settings: Record<string, string>,
): Promise<Service> {
  await mkdir(folder, { recursive: true });
  const own = { ...settings, SIGNPOST_DIR: folder, PORT: "0", HOST: "127.0.0.1", PROCESSES: "1" };
  const program = run(folder, "dist/main.js", databaseUrl, own, []);
  const ended = new Promise((resolve) => program.on("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    program.stdout.on("data", (text: Buffer) => {
      printed += text.toString();
      const [, found] = /Signpost listens on (http:\S+)/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => {
      reject(new Error(`The service did not start: ${printed}`));
    });
  });
  return {
    url,
    stop: async () => {
      program.kill("SIGTERM");
      await ended;
    },
  };
}

function run(
  folder: string,
  program: string,
  databaseUrl: string,
  settings: Record<string, string>,
  args: readonly string[],
) {
  return spawn(process.execPath, [join(ROOT, program), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: databaseUrl, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
}
