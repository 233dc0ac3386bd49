import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { migrate as migrateTables, schemaVersions } from "../../src/db/migrate.js";
import type { Migration } from "../../src/db/migrationFiles.js";
import { nameStore } from "../../src/db/nameStore.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { sealingTables } from "../../src/db/sealing/migrations.js";
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

  /** Of the registry, unless another capability is named. */
  const migrate = async (
    to: Pool,
    migrations: readonly Migration[] = known,
    capability = "registry",
  ) => (await migrateTables(to, { capability, migrations })).applied;

  beforeEach(async () => {
    database = await openScratchDatabase();
    pool = openPool({ url: database.url });
    known = (await registryTables()).migrations;
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
    this.timeout(180_000);
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

  describe("in a rolling upgrade", () => {
    const next = (number: number, isBreaking: boolean): Migration => ({
      number,
      fileName: `${number}_next.sql`,
      sql: "alter table name add column if not exists later text",
      hash: bytes(32, number),
      isBreaking,
    });

    it("starts on a newer database whose migrations do not break it, and changes nothing there", async () => {
      const newer = [...known, next(known.length + 1, false)];
      await migrate(pool, newer);
      expect(await migrate(pool)).to.deep.equal([]);
      expect(await schemaVersions(pool)).to.deep.equal(new Map([["registry", newer.length]]));
    });

    it("refuses a newer database when any of the newer migrations breaks it", async () => {
      const [first, second] = [known.length + 1, known.length + 2];
      await migrate(pool, [...known, next(first, true), next(second, false)]);
      const sentence = new RegExp(`had migration ${first} of the registry.*knows only .*backup`);
      const error = await expectRejection(migrate(pool), "INVALID_CONFIGURATION", sentence);
      expect(error.details).to.deep.equal({
        capability: "registry",
        databaseMigration: first,
        knownMigration: known.length,
      });
    });

    it("lets the version before serve what the next one wrote, and the other way round", async () => {
      const before = nameStore(pool);
      await migrate(pool);
      await pool.query("insert into domain values ($1)", [sampleName("a").domain]);
      await migrate(pool, [...known, next(known.length + 1, false)]);
      const { node, name, domain } = sampleName("alice");
      const insert = "insert into name (node, name, domain, later) values ($1, $2, $3, 'more')";
      await pool.query(insert, [node, name, domain]);
      expect(await before.nameOf(node)).to.deep.include({ name, domain });
    });

    it("carries over the table of builds that knew the registry alone", async () => {
      await migrate(pool);
      await pool.query(`
        alter table signpost_migration
          drop column capability, drop column is_breaking,
          add constraint signpost_migration_pkey primary key (number)`);
      // nothing is missing, so nothing is written, and a database user who may only write rows can start
      expect(await migrate(pool)).to.deep.equal([]);
      const newer = [...known, next(known.length + 1, false)];
      expect(await migrate(pool, newer)).to.deep.equal([newer.length]);
      expect(await migrate(pool)).to.deep.equal([]);
      const { rows } = await pool.query<{ breaking: boolean; count: string }>(
        "select is_breaking as breaking, count(*) from signpost_migration group by 1 order by 1",
      );
      expect(rows).to.deep.equal([
        { breaking: false, count: "1" },
        { breaking: true, count: String(known.length) },
      ]);
    });

    it("takes unknown migrations of such a build for breaking", async () => {
      await migrate(pool);
      await pool.query(`
        alter table signpost_migration
          drop column capability, drop column is_breaking,
          add constraint signpost_migration_pkey primary key (number)`);
      const older = known.slice(0, -1);
      await expectRejection(migrate(pool, older), "INVALID_CONFIGURATION", /had migration \d+/);
    });
  });

  describe("of several capabilities", () => {
    const relay: Migration = {
      number: 1,
      fileName: "0001_mailbox.sql",
      sql: "create table mailbox (id integer); insert into mailbox values (7)",
      hash: bytes(32, 0xaa),
      isBreaking: false,
    };

    it("gives each its own schema and its own numbers, in one table", async () => {
      await migrate(pool);
      const { schema } = await migrateTables(pool, { capability: "relay", migrations: [relay] });
      expect(schema).to.equal(`${database.schema}_relay`);
      try {
        const { rows } = await pool.query<{ id: number }>(`select id from "${schema}".mailbox`);
        expect(rows).to.deep.equal([{ id: 7 }]);
        expect(await tables(pool)).not.to.include("mailbox");
        expect(await schemaVersions(pool)).to.deep.equal(
          new Map([
            ["relay", 1],
            ["registry", known.length],
          ]),
        );
        expect(await migrate(pool, [relay], "relay")).to.deep.equal([]);
        expect(await migrate(pool)).to.deep.equal([]);
      } finally {
        await pool.query(`drop schema "${schema}" cascade`);
      }
    });

    it("keeps neither schema nor table of one whose migration fails", async () => {
      const broken = { ...relay, sql: "create table mailbox (id integer); select 1 / 0" };
      await expectRejection(migrate(pool, [broken], "relay"), "INTERNAL", /22012/);
      const { rows } = await pool.query(
        "select from information_schema.schemata where schema_name = $1",
        [`${database.schema}_relay`],
      );
      expect(rows).to.have.length(0);
      expect(await tables(pool)).to.deep.equal([]);
    });
  });

  it("lets the migrations of every capability find the sealing's table, the registry's as well", async () => {
    await migrateTables(pool, await sealingTables());
    const next: Migration = {
      number: known.length + 1,
      fileName: "9999_token.sql",
      sql: "create table token (id text, value_key uuid references data_key (id))",
      hash: bytes(32, 0xbb),
      isBreaking: false,
    };
    await migrate(pool, [...known, next]);
    expect(await tables(pool)).to.include("token");
    await migrate(pool, [{ ...next, number: 1 }], "relay");
    const { rows } = await pool.query<{ schema: string }>(
      "select table_schema as schema from information_schema.tables where table_name = 'token' and starts_with(table_schema, $1) order by 1",
      [database.schema],
    );
    expect(rows.map(({ schema }) => schema)).to.deep.equal([
      database.schema,
      `${database.schema}_relay`,
    ]);
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

  describe("for a user who may make no schemas in the database", () => {
    let user: string;
    let asUser: Pool;
    const sealing = () => `${database.schema}_sealing`;
    const migrateSealing = async () => migrateTables(asUser, await sealingTables());
    beforeEach(async () => {
      user = `maker_${database.schema}`;
      await pool.query(
        `create role ${user} login; grant usage, create on schema ${database.schema} to ${user}`,
      );
      asUser = openPool({ url: `${database.url}&user=${user}` });
    });
    afterEach(async () => {
      await asUser.end();
      await pool.query(`drop owned by ${user} cascade; drop role ${user}`);
    });

    it("names the missing schema, and both ways to it", async () => {
      const error = await expectRejection(
        migrateSealing(),
        "INVALID_CONFIGURATION",
        new RegExp(
          `^The schema ${sealing()} is missing, .*\`create schema "${sealing()}" authorization ${user}\`, or .*\`grant create on database \\S+ to ${user}\``,
        ),
      );
      expect(error.details).to.deep.equal({ schema: sealing() });
      const [, create = ""] = /(create schema [^`]+)`/.exec(error.message) ?? [];
      await pool.query(create);
      expect((await migrateSealing()).applied).to.deep.equal([1]);
    });

    it("makes its tables in a schema that is there", async () => {
      await pool.query(`create schema ${sealing()} authorization ${user}`);
      expect((await migrateSealing()).applied).to.deep.equal([1]);
      expect((await migrateSealing()).applied).to.deep.equal([]);
    });

    it("says on what it lacks a right", async () => {
      await pool.query(`revoke create on schema ${database.schema} from ${user}`);
      await expectRejection(
        migrateSealing(),
        "INVALID_CONFIGURATION",
        new RegExp(
          `lacks a right on the schema ${database.schema}\\. .*create schema .*grant create`,
        ),
      );
    });
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
