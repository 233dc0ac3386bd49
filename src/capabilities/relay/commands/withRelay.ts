/** The relay node's tables and secrets, for a command beside the service. */
import { assertMigrated, migrate } from "../../../db/migrate.js";
import type { Pool } from "../../../db/pool.js";
import { type RelayTables, relayTables } from "../../../db/relay/relayTables.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import { openSealing, openSealingToLook } from "../../../installation/openSealing.js";
import type { Secrets } from "../../../sealing/secrets.js";
import { sealingSettings } from "../../../settings/sealingSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { relayTablesWanted } from "../migrations.js";

export interface JsonFlag {
  readonly json?: true;
}

export interface Here {
  readonly pool: Pool;
  readonly tables: RelayTables;
  readonly secrets: Secrets;
}

/** Brings the tables up to date first. Throws as `withInstallationPool`. */
export async function withRelay<T>(work: (here: Here) => Promise<T>): Promise<T> {
  return withInstallationPool(async (pool) => {
    const locations = readSettings([sealingSettings], process.env)(sealingSettings);
    const sealing = await openSealing(pool, locations);
    try {
      const { schema } = await migrate(pool, await relayTablesWanted());
      return await work({ pool, tables: relayTables(schema), secrets: sealing.secrets });
    } finally {
      sealing.close();
    }
  });
}

const NO_KEYS =
  "The relay node never started on this database with these settings, so it has made no such key. `signpost serve relay` makes it; a command that only looks changes nothing.";

/** For a command that needs the node's keys and only looks: it changes nothing, and makes no keys. Throws as `lookIntoRelay` and `Secrets`. */
export async function readRelay<T>(work: (here: Here) => Promise<T>): Promise<T> {
  return lookIntoRelay(async (here) => {
    const locations = readSettings([sealingSettings], process.env)(sealingSettings);
    const { secrets, close } = await openSealingToLook(here.pool, locations, NO_KEYS);
    try {
      return await work({ ...here, secrets });
    } finally {
      close();
    }
  });
}

/** For a command that only looks: it changes nothing, not even the tables. Throws as `withInstallationPool` and `assertMigrated`. */
export async function lookIntoRelay<T>(
  work: (here: Pick<Here, "pool" | "tables">) => Promise<T>,
): Promise<T> {
  return withInstallationPool(async (pool) => {
    const { schema } = await assertMigrated(pool, await relayTablesWanted());
    return work({ pool, tables: relayTables(schema) });
  });
}
