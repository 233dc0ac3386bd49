/** The storage's tables, as this version wants them. */
import type { Tables } from "../../db/migrate.js";
import { readMigrations } from "../../db/migrationFiles.js";
import { STORAGE_SECRET } from "../../db/storage/storageSecrets.js";

export const STORAGE = STORAGE_SECRET.capability;

/** Beside this file, in the sources as well as in the build. */
export const STORAGE_MIGRATIONS = new URL("migrations/", import.meta.url);

export async function storageTablesWanted(): Promise<Tables> {
  return { capability: STORAGE, migrations: await readMigrations(STORAGE_MIGRATIONS) };
}
