/** The sealing's own table, as this version wants it. */
import { SEALING, type Tables } from "../migrate.js";
import { readMigrations } from "../migrationFiles.js";

/** Beside this file, in the sources as well as in the build (scripts/copy-sql.mjs puts them there). */
const MIGRATIONS_FOLDER = new URL("migrations/", import.meta.url);

export async function sealingTables(): Promise<Tables> {
  return { capability: SEALING, migrations: await readMigrations(MIGRATIONS_FOLDER) };
}
