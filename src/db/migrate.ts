/**
 * Brings the database to this version. Any number of processes may do it at the same moment: the first one
 * takes a lock, the others wait and find nothing left to do.
 */
import { toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";
import { fromDatabase } from "./databaseError.js";
import { type Migration, readMigrations } from "./migrationFiles.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

/** Named for us, because a database may be shared with other software. */
const APPLIED_TABLE = `
  create table if not exists signpost_migration (
    number     integer primary key,
    sha256     bytea not null,
    applied_at timestamptz not null default now()
  )`;

/** The first half of the advisory lock's key; the second is the schema. "sign" in ASCII. */
const LOCK_CLASS = 0x7369676e;
/** A migration may rewrite a large table, and other processes wait for it. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Applies what is missing, all of it or nothing, and returns the numbers it applied. Throws
 * INVALID_CONFIGURATION when the database is newer than this version, or holds an edited migration.
 */
export async function migrate(
  pool: Pool,
  migrations?: readonly Migration[],
): Promise<readonly number[]> {
  const known = migrations ?? (await readMigrations());
  await assertUsable(pool);
  // without a lock and without a write, so that a database user who may only read and write rows can start
  if ((await missing(pool, known)).length === 0) return [];
  return inTransaction(pool, async (connection) => {
    await patiently(connection, `set local statement_timeout = ${PATIENCE_MS}`);
    const lock = `select pg_advisory_xact_lock(${LOCK_CLASS}, hashtext(current_schema()))`;
    await patiently(connection, lock);
    await patiently(connection, APPLIED_TABLE);
    const toApply = await missing(connection, known);
    for (const migration of toApply) await apply(connection, migration);
    return toApply.map(({ number }) => number);
  });
}

/** Whether nothing is missing; only reads, so it can be asked of a standby as well. */
export async function isMigrated(pool: Pool): Promise<boolean> {
  await assertUsable(pool);
  return (await missing(pool, await readMigrations())).length === 0;
}

async function apply(connection: Connection, { number, sql, hash }: Migration): Promise<void> {
  await patiently(connection, sql);
  await fromDatabase(
    connection.query("insert into signpost_migration (number, sha256) values ($1, $2)", [
      number,
      hash,
    ]),
  );
}

async function patiently(connection: Connection, sql: string): Promise<void> {
  const statement = { text: sql, query_timeout: PATIENCE_MS };
  await fromDatabase(connection.query(statement));
}

/** The migrations that were not applied yet, after those that were are found to be ours. */
async function missing(
  from: Pool | Connection,
  known: readonly Migration[],
): Promise<readonly Migration[]> {
  const { rows: tables } = await fromDatabase(
    from.query<{ exists: boolean }>(
      "select to_regclass('signpost_migration') is not null as exists",
    ),
  );
  if (tables[0]?.exists !== true) return known;
  const { rows: applied } = await fromDatabase(
    from.query<{ number: number; sha256: Buffer }>(
      "select number, sha256 from signpost_migration order by number",
    ),
  );
  const newest = applied.at(-1)?.number ?? 0;
  if (newest > known.length) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The database is at migration ${newest}, but this version of Signpost knows only ${known.length}. Start the version that migrated it, or restore a backup from before.`,
      { databaseMigration: newest, knownMigration: known.length },
    );
  }
  for (const { number, sha256 } of applied) {
    const migration = known[number - 1];
    if (migration !== undefined && toHex(migration.hash) !== toHex(sha256)) {
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        `Migration ${migration.fileName} was edited after this database had applied it. Put the original file back and write a new migration for the change.`,
        { migration: number },
      );
    }
  }
  const numbers = new Set(applied.map(({ number }) => number));
  return known.filter(({ number }) => !numbers.has(number));
}

async function assertUsable(pool: Pool): Promise<void> {
  const { rows } = await fromDatabase(
    pool.query<{ version: number; schema: string | null }>(
      "select current_setting('server_version_num')::int as version, current_schema() as schema",
    ),
  );
  const [server] = rows;
  if (server === undefined || server.version < 130_000) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "This Postgres is older than version 13. Upgrade it, or set DATABASE_URL to a newer one.",
    );
  }
  if (server.schema === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The schema to use does not exist in the database. Create it (create schema ...), or name another one.",
    );
  }
}
