/** A pool on an empty database with our tables, for one test file. */
import { registryTables } from "../../src/capabilities/registry/migrations.js";
import { migrate } from "../../src/db/migrate.js";
import { openPool, type Pool } from "../../src/db/pool.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";

export interface MigratedPool {
  readonly pool: Pool;
  readonly url: string;
  /** Also what its connections are called in pg_stat_activity. */
  readonly schema: string;
  close(): Promise<void>;
}

export async function openMigratedPool(): Promise<MigratedPool> {
  const database = await openScratchDatabase();
  const { url, schema } = database;
  const pool = openPool({ url, maxConnections: 20, applicationName: schema });
  await migrate(pool, await registryTables());
  return {
    pool,
    url,
    schema,
    close: async () => {
      await pool.end();
      await database.close();
    },
  };
}
