/** A schema with a domain and many names in it, and the file that the load generator takes them from. */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toHex } from "../../src/abi/hex.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { say, startProgress } from "../progress.js";
import { DOMAIN, LABEL_LENGTH, labelOf, nodeOf, scattered } from "./names.js";
import type { Person } from "./people.js";

export interface Dataset {
  /** Names the schema as well. */
  readonly url: string;
  /** How many names there are. */
  readonly size: number;
  readonly people: readonly Person[];
  /** One name a line, in hexadecimal: `label node`. All names, or as many as were asked for, neighbours far apart. */
  readonly namesFile: string;
  readonly namesInFile: number;
  close(): Promise<void>;
}

export interface DatasetOptions {
  readonly serverUrl: string;
  readonly size: number;
  readonly people: readonly Person[];
  readonly chainId: bigint;
  /** 0x hex */
  readonly resolvers: readonly string[];
  /** Where the file goes. */
  readonly folder: string;
  readonly mostInFile: number;
  /** Makes the tables in an empty schema. */
  readonly migrate: (url: string) => Promise<void>;
  /** Ten million names take minutes: when it is aborted, nothing is left of them. */
  readonly signal: AbortSignal;
}

const BATCH = 10_000;
const NAMES_WORTH_A_WORD = 1_000_000;
const NODE_BYTES = 32;
/** Label and node in hexadecimal, a space and the end of the line. */
const LINE_BYTES = 2 * LABEL_LENGTH + 2 * NODE_BYTES + 2;

const ADD_PERSON = `insert into bench_person (number, addresses, texts, contenthash) values ($1, $2, $3, $4)`;

/** The nodes of a batch come as one value, because an array of ten thousand takes the driver longer than Postgres. */
const ADD_NAMES = `
  insert into name (node, name, domain, addresses, texts, contenthash, version)
  select substring($1::bytea from i * ${NODE_BYTES} + 1 for ${NODE_BYTES}),
         'u' || lpad(($2::int + i)::text, 7, '0') || '.' || $3::text, $3::text,
         addresses, texts, contenthash, nextval('name_version')
  from generate_series(0, $4::int - 1) as i
  join bench_person on number = ($2::int + i) % $5::int`;

/**
 * Ten million rows, with each of them logged, referred and put into two indexes one by one, take an hour: what a
 * reader does not notice is left out, and the indexes are built at once.
 */
const BEFORE_FILLING = `
  alter table name set unlogged;
  alter table name drop constraint name_domain_fkey, drop constraint name_pkey, drop constraint name_name_key`;
const AFTER_FILLING = "alter table name add primary key (node), add unique (name)";

export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const { size, people } = options;
  const scratch = await openScratchDatabase(options.serverUrl);
  const pool = openPool({ url: scratch.url, statementTimeoutMs: 3_600_000, maxConnections: 1 });
  try {
    await options.migrate(scratch.url);
    await addDomain(pool, options);
    await addPeople(pool, people);
    const nodes = await addNames(pool, options);
    const namesInFile = Math.min(size, options.mostInFile);
    const namesFile = join(options.folder, `${scratch.schema}.names`);
    await writeNames(namesFile, nodes, { size, namesInFile });
    return { url: scratch.url, size, people, namesFile, namesInFile, close: () => scratch.close() };
  } catch (error) {
    await scratch.close();
    throw error;
  } finally {
    await pool.end();
  }
}

/** The same data, but only the first `count` names of the file are asked for. */
export async function withFirstNames(dataset: Dataset, count: number): Promise<Dataset> {
  const namesFile = `${dataset.namesFile}.${count}`;
  const lines = await readNameLines(dataset, 0, count);
  await writeFile(namesFile, lines.map((line) => `${line}\n`).join(""));
  return { ...dataset, namesFile, namesInFile: count };
}

/** Lines of the file of names: `label node`, in hexadecimal. */
export async function readNameLines(
  { namesFile }: Dataset,
  first: number,
  count: number,
): Promise<readonly string[]> {
  const handle = await open(namesFile);
  try {
    const lines = Buffer.alloc(LINE_BYTES * count);
    const { bytesRead } = await handle.read(lines, 0, lines.length, first * LINE_BYTES);
    return lines.subarray(0, bytesRead).toString().trimEnd().split("\n");
  } finally {
    await handle.close();
  }
}

async function addDomain(pool: Pool, { chainId, resolvers }: DatasetOptions): Promise<void> {
  await pool.query("insert into domain (name) values ($1)", [DOMAIN]);
  for (const resolver of resolvers) {
    await pool.query("insert into resolver (chain_id, address, domain) values ($1, $2, $3)", [
      chainId.toString(),
      Buffer.from(resolver.slice(2), "hex"),
      DOMAIN,
    ]);
  }
}

async function addPeople(pool: Pool, people: readonly Person[]): Promise<void> {
  await pool.query(
    "create table bench_person (number int primary key, addresses jsonb, texts jsonb, contenthash bytea)",
  );
  for (const [number, { address, texts, contenthash }] of people.entries()) {
    const columns = [JSON.stringify({ 60: address }), JSON.stringify(texts), contenthash];
    await pool.query(ADD_PERSON, [number, ...columns]);
  }
}

/** Returns the nodes, one after another. */
async function addNames(pool: Pool, { size, people, signal }: DatasetOptions): Promise<Buffer> {
  const nodes = Buffer.alloc(size * NODE_BYTES);
  await pool.query(BEFORE_FILLING);
  const progress = startProgress(`${size.toLocaleString("en")} names`, size);
  let written: Promise<unknown> = Promise.resolve();
  for (let first = 0; first < size; first += BATCH) {
    const count = Math.min(BATCH, size - first);
    for (let i = 0; i < count; i++) nodes.set(nodeOf(first + i), (first + i) * NODE_BYTES);
    signal.throwIfAborted();
    // while Postgres writes a batch, the next one is hashed
    await written;
    progress.at(first);
    const bytes = nodes.subarray(first * NODE_BYTES, (first + count) * NODE_BYTES);
    written = pool.query(ADD_NAMES, [bytes, first, DOMAIN, count, people.length]);
    written.catch(() => undefined); // it is awaited in the next turn
  }
  await written;
  progress.end();
  if (size > NAMES_WORTH_A_WORD) say("building the indexes, which takes a while");
  await pool.query(AFTER_FILLING);
  await pool.query("vacuum analyze name");
  return nodes;
}

async function writeNames(
  file: string,
  nodes: Buffer,
  { size, namesInFile }: { size: number; namesInFile: number },
): Promise<void> {
  const handle = await open(file, "w");
  try {
    for (let first = 0; first < namesInFile; first += BATCH) {
      const count = Math.min(BATCH, namesInFile - first);
      const lines = Array.from({ length: count }, (_, i) => {
        const number = scattered(first + i, size);
        const node = nodes.subarray(number * NODE_BYTES, (number + 1) * NODE_BYTES);
        return `${nameLine(number, node)}\n`;
      });
      await handle.write(lines.join(""));
    }
  } finally {
    await handle.close();
  }
}

function nameLine(number: number, node: Uint8Array): string {
  return `${Buffer.from(labelOf(number)).toString("hex")} ${toHex(node).slice(2)}`;
}
