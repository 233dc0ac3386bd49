/** The storage's tables, for a command beside the service. */
import { assertMigrated, migrate } from "../../../db/migrate.js";
import type { Pool } from "../../../db/pool.js";
import { sealingTables } from "../../../db/sealing/migrations.js";
import { type StorageTables, storageTables } from "../../../db/storage/storageTables.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import { storageTablesWanted } from "../migrations.js";

export interface JsonFlag {
  readonly json?: true;
}

export interface Here {
  readonly pool: Pool;
  readonly tables: StorageTables;
}

/** Brings the tables up to date first. Throws as `withInstallationPool`. */
export function withStorage<T>(work: (here: Here) => Promise<T>): Promise<T> {
  return withInstallationPool(async (pool) => {
    await migrate(pool, await sealingTables());
    const { schema } = await migrate(pool, await storageTablesWanted());
    return work({ pool, tables: storageTables(schema) });
  });
}

/** For a command that only looks: it changes nothing, not even the tables. Throws as `withInstallationPool` and `assertMigrated`. */
export function lookIntoStorage<T>(work: (here: Here) => Promise<T>): Promise<T> {
  return withInstallationPool(async (pool) => {
    const { schema } = await assertMigrated(pool, await storageTablesWanted());
    return work({ pool, tables: storageTables(schema) });
  });
}
