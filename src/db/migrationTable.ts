/**
 * Which migrations a database has had. One table for all capabilities, in the schema that the database URL leads to;
 * its name begins with ours, because a database may be shared with other software.
 */
import { SignpostError } from "../errors.js";
import { fromDatabase } from "./databaseError.js";
import type { Migration } from "./migrationFiles.js";
import type { Pool } from "./pool.js";
import type { Connection } from "./transaction.js";

/** The capability that had all migrations before there were others. */
export const FIRST_CAPABILITY = "registry";

export interface AppliedMigration {
  readonly number: number;
  /** SHA-256 in hex. */
  readonly sha256: string;
  readonly isBreaking: boolean;
}

/**
 * Makes the table, or brings the one of earlier builds to its present form: that one knew neither capabilities nor
 * whether a migration breaks, so its rows are the registry's, and count as breaking.
 */
export const MIGRATION_TABLE = `
  create table if not exists signpost_migration (
    capability  text not null,
    number      integer not null,
    sha256      bytea not null,
    is_breaking boolean not null,
    applied_at  timestamptz not null default now(),
    primary key (capability, number)
  );
  do $$
  begin
    if not exists (
      select from pg_attribute
      where attrelid = to_regclass('signpost_migration') and attname = 'capability'
    ) then
      alter table signpost_migration
        add column capability text not null default '${FIRST_CAPABILITY}',
        add column is_breaking boolean not null default true,
        drop constraint signpost_migration_pkey,
        add primary key (capability, number);
    end if;
  end $$`;

/** A row as JSON, so that a table in the form of earlier builds is read as well. */
interface Row {
  readonly row: {
    readonly capability?: string;
    readonly number: number;
    /** `\\x` and hexadecimal digits. */
    readonly sha256: string;
    readonly is_breaking?: boolean;
  };
}

/** Whether a capability ever made its tables there. Takes no right on any table. */
export async function isInstalled(database: Pool | Connection): Promise<boolean> {
  const { rows } = await fromDatabase(
    database.query<{ exists: boolean }>(
      "select to_regclass('signpost_migration') is not null as exists",
    ),
  );
  return rows[0]?.exists === true;
}

/** What each capability has had, in order; a capability without any has no entry. */
export async function appliedMigrations(
  from: Pool | Connection,
): Promise<ReadonlyMap<string, readonly AppliedMigration[]>> {
  const byCapability = new Map<string, AppliedMigration[]>();
  if (!(await isInstalled(from))) return byCapability;
  const { rows } = await fromDatabase(
    from.query<Row>("select to_jsonb(m) as row from signpost_migration m order by m.number"),
  );
  for (const { row } of rows) {
    const { capability = FIRST_CAPABILITY, number, sha256, is_breaking: isBreaking = true } = row;
    const applied = { number, sha256: sha256.slice(2), isBreaking };
    byCapability.set(capability, [...(byCapability.get(capability) ?? []), applied]);
  }
  return byCapability;
}

/**
 * The migrations that were not applied yet, after those that were are found to be ours. Newer ones than this version
 * knows are no obstacle, unless one of them breaks it. Throws INVALID_CONFIGURATION.
 */
export function missingMigrations(
  capability: string,
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const breaking = applied.find(({ number, isBreaking }) => isBreaking && number > known.length);
  if (breaking) throw newerDatabase(capability, breaking.number, known.length);
  for (const { number, sha256 } of applied) {
    const migration = known[number - 1];
    if (migration !== undefined && Buffer.from(migration.hash).toString("hex") !== sha256) {
      throw editedMigration(migration);
    }
  }
  const numbers = new Set(applied.map(({ number }) => number));
  return known.filter(({ number }) => !numbers.has(number));
}

function newerDatabase(capability: string, breaking: number, known: number): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The database had migration ${breaking} of the ${capability}, with which this version of Signpost cannot work; it knows only ${known}. Start the version that migrated it, or restore a backup from before.`,
    { capability, databaseMigration: breaking, knownMigration: known },
  );
}

function editedMigration({ fileName, number }: Migration): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `Migration ${fileName} was edited after this database had applied it. Put the original file back and write a new migration for the change.`,
    { migration: number },
  );
}
