/** The registry's tables, as this version wants them. */
import type { Tables } from "../../db/migrate.js";
import { readMigrations } from "../../db/migrationFiles.js";
import { FIRST_CAPABILITY } from "../../db/migrationTable.js";

/** The registry's name, by which `signpost serve` and the table of migrations know it. */
export const REGISTRY = FIRST_CAPABILITY;

/** Beside this file, in the sources as well as in the build (scripts/copy-sql.mjs puts them there). */
export const REGISTRY_MIGRATIONS = new URL("migrations/", import.meta.url);

/** Of the secrets of sources. */
const SOURCE_MIGRATIONS = new URL("source-migrations/", import.meta.url);

/** Of the API keys of mirrors. */
const MIRROR_MIGRATIONS = new URL("mirror-migrations/", import.meta.url);

export const sourceSecretMigrations = () => readMigrations(SOURCE_MIGRATIONS);

export const mirrorKeyMigrations = () => readMigrations(MIRROR_MIGRATIONS);

export async function registryTables(): Promise<Tables> {
  return { capability: REGISTRY, migrations: await readMigrations(REGISTRY_MIGRATIONS) };
}
