/** The tables of a capability, brought up to date before it uses them. */
import { migrate } from "../db/migrate.js";
import { readMigrations } from "../db/migrationFiles.js";
import { openPool } from "../db/pool.js";
import { sealedRowsHere } from "../db/sealing/sealedRows.js";
import { SignpostError } from "../errors.js";
import type { Capability, DatabaseParts } from "./capability.js";

/** What `DatabaseParts.migrate` does, and throws; INTERNAL for a capability without tables. */
export async function migrateTables(
  { name, migrations, sealedColumns }: Pick<Capability, "name" | "migrations" | "sealedColumns">,
  { url, pooler }: Pick<DatabaseParts, "url" | "pooler">,
): Promise<{ schema: string }> {
  if (migrations === null) {
    throw new SignpostError("INTERNAL", `The capability ${name} has no tables to migrate.`);
  }
  const pool = openPool({ url, pooler, maxConnections: 1 });
  try {
    const tables = { capability: name, migrations: await readMigrations(migrations) };
    const migrated = await migrate(pool, tables);
    // before there are secrets, and not only when the first rotation would lose them
    for (const rows of await sealedRowsHere(pool, sealedColumns)) await rows.assertGuarded();
    return migrated;
  } finally {
    await pool.end();
  }
}
