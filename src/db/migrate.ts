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
import { fromDatabase, isNoRight } from "./databaseError.js";
import type { Migration } from "./migrationFiles.js";
import {
  appliedMigrations,
  FIRST_CAPABILITY,
  MIGRATION_TABLE,
  missingMigrations,
} from "./migrationTable.js";
import { bePatient, patiently } from "./patience.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

/** The first half of the advisory lock's key; the second is the schema. "sign" in ASCII. */
const LOCK_CLASS = 0x7369676e;

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
    await bePatient(connection);
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
      await makeSchema(connection, schema);
      const own = pg.escapeIdentifier(schema);
      await patiently(connection, `set local search_path to ${own}, ${sealing}`);
    }
    for (const migration of toApply) {
      await patiently(connection, migration.sql);
      await noteApplied(connection, base, capability, migration);
    }
    return { schema, applied: toApply.map(({ number }) => number) };
  });
}

/** Only where it is not there: `create schema if not exists` asks for the right to make one also where it is. */
async function makeSchema(connection: Connection, schema: string): Promise<void> {
  const quoted = pg.escapeIdentifier(schema);
  const { rows } = await fromDatabase(
    connection.query<Readonly<Record<"user" | "database", string>> & { exists: boolean }>(
      `select to_regnamespace($1) is not null as exists, quote_ident(current_user) as user,
              quote_ident(current_database()) as database`,
      [quoted],
    ),
  );
  const [place] = rows;
  if (place?.exists === true) return;
  try {
    await patiently(connection, `create schema ${quoted}`);
  } catch (error) {
    if (!isNoRight(error) || place === undefined) throw error;
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The schema ${schema} is missing, and the user of DATABASE_URL may not make it. As the owner of the database, either run \`create schema ${quoted} authorization ${place.user}\`, or let the user make schemas: \`grant create on database ${place.database} to ${place.user}\`.`,
      { schema },
      { cause: error },
    );
  }
}

/**
 * For a program that only looks, and therefore brings no tables up to date. Returns the capability's schema.
 * @throws INVALID_CONFIGURATION when a migration of this version is missing, or the database is too new for it
 */
export async function assertMigrated(pool: Pool, tables: Tables): Promise<{ schema: string }> {
  const { capability } = tables;
  if (await isMigrated(pool, tables)) {
    return { schema: schemaOf(capability, await usableSchema(pool)) };
  }
  if (!(await appliedMigrations(pool)).has(capability)) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The ${capability} never ran on this database, so there is nothing to look at. \`signpost serve ${capability}\` makes its tables.`,
      { capability },
    );
  }
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `The tables of the ${capability} in this database are of an older version, and a command that only looks changes nothing. Start the service of this version first, or use the version that served last.`,
    { capability },
  );
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
