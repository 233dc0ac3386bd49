/**
 * Brings the tables of a capability to this version. Any number of processes may do it at the same moment: the first
 * one takes a lock, the others wait and find nothing left to do.
 *
 * The registry's tables lie in the schema that the database URL leads to, as they always did; those of every other
 * capability in a schema of their own beside it. Those that keep secrets refer to the sealing's table, which is made
 * before theirs.
 */
import pg from "pg";
import { SignpostError } from "../errors.js";
import { fromDatabase } from "./databaseError.js";
import type { Migration } from "./migrationFiles.js";
import {
  appliedMigrations,
  FIRST_CAPABILITY,
  MIGRATION_TABLE,
  missingMigrations,
} from "./migrationTable.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

/** The first half of the advisory lock's key; the second is the schema. "sign" in ASCII. */
const LOCK_CLASS = 0x7369676e;
/** A migration may rewrite a large table, and other processes wait for it. */
const PATIENCE_MS = 10 * 60_000;

/** Stands beside the capabilities: its table `data_key` is found by the name alone in their migrations. */
export const SEALING = "sealing";

/** The tables of one capability, as this version wants them. */
export interface Tables {
  readonly capability: string;
  readonly migrations: readonly Migration[];
}

export interface Migrated {
  /** Where the capability's tables are. */
  readonly schema: string;
  /** The numbers that were applied now. */
  readonly applied: readonly number[];
}

/**
 * Applies what is missing, all of it or nothing. Throws INVALID_CONFIGURATION when the database is too new for this
 * version, or holds an edited migration.
 */
export async function migrate(pool: Pool, { capability, migrations }: Tables): Promise<Migrated> {
  const base = await usableSchema(pool);
  const schema = schemaOf(capability, base);
  const missing = async (from: Pool | Connection) =>
    missingMigrations(
      capability,
      migrations,
      (await appliedMigrations(from)).get(capability) ?? [],
    );
  // without a lock and without a write, so that a database user who may only read and write rows can start
  if ((await missing(pool)).length === 0) return { schema, applied: [] };
  return inTransaction(pool, async (connection) => {
    await patiently(connection, `set local statement_timeout = ${PATIENCE_MS}`);
    const lock = `select pg_advisory_xact_lock(${LOCK_CLASS}, hashtext(current_schema()))`;
    await patiently(connection, lock);
    await patiently(connection, MIGRATION_TABLE);
    const toApply = await missing(connection);
    const sealing = pg.escapeIdentifier(schemaOf(SEALING, base));
    if (schema === base) {
      // behind all that the database URL leads to
      const path = `select set_config('search_path', current_setting('search_path') || ', ' || $1, true)`;
      await fromDatabase(connection.query(path, [sealing]));
    } else {
      const own = pg.escapeIdentifier(schema);
      await patiently(connection, `create schema if not exists ${own}`);
      await patiently(connection, `set local search_path to ${own}, ${sealing}`);
    }
    for (const migration of toApply) {
      await patiently(connection, migration.sql);
      await noteApplied(connection, base, capability, migration);
    }
    return { schema, applied: toApply.map(({ number }) => number) };
  });
}

/** Whether nothing is missing; only reads, so it can be asked of a standby as well. */
export async function isMigrated(pool: Pool, { capability, migrations }: Tables): Promise<boolean> {
  await usableSchema(pool);
  const applied = (await appliedMigrations(pool)).get(capability) ?? [];
  return missingMigrations(capability, migrations, applied).length === 0;
}

/** The number of the newest migration of each capability, which may be newer than this version. */
export async function schemaVersions(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const applied = [...(await appliedMigrations(pool))];
  return new Map(applied.map(([capability, of]) => [capability, of.at(-1)?.number ?? 0]));
}

/** @param base the schema that the database URL leads to */
export function schemaOf(capability: string, base: string): string {
  return capability === FIRST_CAPABILITY ? base : `${base}_${capability}`;
}

async function noteApplied(
  connection: Connection,
  base: string,
  capability: string,
  { number, hash, isBreaking }: Migration,
): Promise<void> {
  const insert = `insert into ${pg.escapeIdentifier(base)}.signpost_migration (capability, number, sha256, is_breaking)
                  values ($1, $2, $3, $4)`;
  await fromDatabase(connection.query(insert, [capability, number, hash, isBreaking]));
}

async function patiently(connection: Connection, sql: string): Promise<void> {
  const statement = { text: sql, query_timeout: PATIENCE_MS };
  await fromDatabase(connection.query(statement));
}

/** The schema that the database URL leads to. Throws INVALID_CONFIGURATION. */
export async function usableSchema(pool: Pool): Promise<string> {
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
  return server.schema;
}
