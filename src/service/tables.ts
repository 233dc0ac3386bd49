/** The tables of a capability, brought up to date before it uses them. */
import { migrate } from "../db/migrate.js";
import { readMigrations } from "../db/migrationFiles.js";
import { openPool } from "../db/pool.js";
import { SignpostError } from "../errors.js";
import type { Capability, DatabaseParts } from "./capability.js";

/** What `DatabaseParts.migrate` does, and throws; INTERNAL for a capability without tables. */
export async function migrateTables(
  { name, migrations }: Pick<Capability, "name" | "migrations">,
  { url, pooler }: Pick<DatabaseParts, "url" | "pooler">,
): Promise<{ schema: string }> {
  if (migrations === null) {
    throw new SignpostError("INTERNAL", `The capability ${name} has no tables to migrate.`);
  }
  const pool = openPool({ url, pooler, maxConnections: 1 });
  try {
    return await migrate(pool, { capability: name, migrations: await readMigrations(migrations) });
  } finally {
    await pool.end();
  }
}
