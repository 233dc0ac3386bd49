import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { migrate } from "../../src/db/migrate.js";
import { type Migration, readMigrations } from "../../src/db/migrationFiles.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { emptyName } from "../../src/registry/names/storedName.js";
import { expectRejection } from "../expectError.js";
import { bytes, sampleName } from "./sampleNames.js";

const CHECK_VIOLATION = "23514";

type Program = ChildProcessByStdio<Writable, Readable, null>;

describe("db/migrate", () => {
  let database: ScratchDatabase;
  let pool: Pool;
  let known: readonly Migration[];

  beforeEach(async () => {
    database = await openScratchDatabase();
    pool = openPool({ url: database.url });
    known = await readMigrations();
  });

  afterEach(async () => {
    await pool.end();
    await database.close();
  });

  it("applies everything once", async () => {
    const all = known.map(({ number }) => number);
    expect(await migrate(pool)).to.deep.equal(all);
    expect(await migrate(pool)).to.deep.equal([]);
    expect(await tables(pool)).to.include.members([
      "domain",
      "name",
      "resolver",
      "retired_profile",
    ]);
  });

  it("applies only what is missing", async () => {
    await migrate(pool, known.slice(0, 2));
    expect(await migrate(pool)).to.deep.equal(known.slice(2).map(({ number }) => number));
  });

  it("keeps the names that are there when it adds further records", async () => {
    await migrate(pool, known.slice(0, 4));
    const { node, name, domain } = sampleName("alice");
    await pool.query("insert into domain values ($1, $2)", [domain, bytes(32, 1)]);
    const before = { text: "insert into name (node, name, domain, texts) values ($1, $2, $3, $4)" };
    await pool.query({ ...before, values: [node, name, domain, '{"avatar": "a"}'] });
    await migrate(pool);
    const texts = new Map([["avatar", "a"]]);
    const expected = { ...emptyName(node, name, domain), texts, version: 0n, sequence: 0 };
    expect(await nameStore(pool).nameOf(node)).to.deep.equal(expected);
    for (const wrong of ["pubkey = '\\x00'", "abis = '[]'", "data = '1'", "interfaces = 'null'"]) {
      const error = await pool.query(`update name set ${wrong}`).catch((thrown: unknown) => thrown);
      expect(error, wrong).to.have.property("code", CHECK_VIOLATION);
    }
  });

  it("survives twenty processes that start at once", async function () {
    this.timeout(60_000);
    const processes = Array.from({ length: 20 }, () => startProgram(database.url));
    const outputs = processes.map((child) =>
      createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    );
    for (const output of outputs) expect((await output.next()).value).to.equal("loaded");
    for (const child of processes) child.stdin.write("go\n");
    const applied = await Promise.all(
      outputs.map(async (output) => JSON.parse(String((await output.next()).value)) as number[]),
    );
    const codes = await Promise.all(processes.map(exitCode));
    expect(codes).to.deep.equal(Array.from({ length: 20 }, () => 0));
    const workers = applied.filter((numbers) => numbers.length > 0);
    expect(workers).to.deep.equal([known.map(({ number }) => number)]);
  });

  it("keeps nothing of a migration run that fails", async () => {
    const broken = { ...(known[1] as Migration), sql: "create table half (); select 1 / 0" };
    await expectRejection(migrate(pool, [known[0] as Migration, broken]), "INTERNAL", /22012/);
    expect(await tables(pool)).to.deep.equal([]);
    expect(await migrate(pool)).to.have.length(known.length);
  });

  it("refuses a database that is newer than the code", async () => {
    await migrate(pool);
    const action = migrate(pool, known.slice(0, -1));
    const error = await expectRejection(action, "INVALID_CONFIGURATION", /knows only \d+.*backup/);
    const newest = known.length;
    expect(error.details).to.deep.equal({ databaseMigration: newest, knownMigration: newest - 1 });
  });

  it("refuses a migration that was edited after it was applied", async () => {
    await migrate(pool);
    await pool.query("update signpost_migration set sha256 = sha256('edited') where number = 2");
    await expectRejection(migrate(pool), "INVALID_CONFIGURATION", /0002_resolver\.sql was edited/);
  });

  it("refuses a schema that does not exist", async () => {
    const elsewhere = openPool({ url: database.url, schema: "not_there" });
    await expectRejection(migrate(elsewhere), "INVALID_CONFIGURATION", /schema .* does not exist/);
    await elsewhere.end();
  });

  it("lives in a schema with any name, beside others in the same database", async () => {
    const schema = `odd "name" \\ ${database.schema}`;
    const quoted = `"${schema.replaceAll('"', '""')}"`;
    await pool.query(`create schema ${quoted}`);
    const beside = openPool({ url: database.url, schema });
    try {
      expect(await migrate(beside)).to.have.length(known.length);
      const { rows } = await beside.query<{ schema: string }>("select current_schema() as schema");
      expect(rows).to.deep.equal([{ schema }]);
      expect(await tables(pool)).to.deep.equal([]);
    } finally {
      await beside.end();
      await pool.query(`drop schema ${quoted} cascade`);
    }
  });
});

async function tables(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = current_schema()",
  );
  return rows.map(({ name }) => name);
}

function startProgram(url: string): Program {
  const program = fileURLToPath(new URL("migrateProgram.ts", import.meta.url));
  const args = ["--import", "tsx", program, url];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

async function exitCode(child: Program): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}
