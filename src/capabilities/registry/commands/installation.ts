/** Commands beside the service, on the registry of this installation. */
import { domainStore } from "../../../db/domainStore.js";
import { migrate } from "../../../db/migrate.js";
import { nameStore } from "../../../db/nameStore.js";
import { recordSource } from "../../../db/recordSource.js";
import { type UsedLimit, usedLimits } from "../../../db/usedLimits.js";
import type { WhereNone } from "../../../installation/database.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import type { RecordSource, RegistryStores } from "../../../registry/store.js";
import { registryTables } from "../migrations.js";

export interface Installation extends RegistryStores {
  readonly records: RecordSource;
  /** So many of those who used most, see `usedLimits`. */
  readonly usedLimits: (most: number) => Promise<readonly UsedLimit[]>;
}

/** Runs `work` on this installation's registry, brought up to date. Throws as `withInstallationPool`. */
export async function withInstallation<T>(
  work: (installation: Installation) => Promise<T>,
  whereNone: WhereNone = "refuse",
): Promise<T> {
  return withInstallationPool(async (pool) => {
    await migrate(pool, await registryTables());
    return work({
      names: nameStore(pool),
      domains: domainStore(pool),
      records: recordSource(pool),
      usedLimits: (most) => usedLimits(pool, most),
    });
  }, whereNone);
}
