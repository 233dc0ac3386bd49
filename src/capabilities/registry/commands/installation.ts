/** Commands beside the service, on the registry of this installation. */
import { domainStore } from "../../../db/domainStore.js";
import { endFeed } from "../../../db/feed/followedDomain.js";
import { assertMigrated, migrate } from "../../../db/migrate.js";
import { nameStore } from "../../../db/nameStore.js";
import type { Pool } from "../../../db/pool.js";
import { recordSource } from "../../../db/recordSource.js";
import { type SignerStore, signerStore } from "../../../db/signerStore.js";
import { type UsedLimit, usedLimits } from "../../../db/usedLimits.js";
import type { WhereNone } from "../../../installation/database.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import type { RecordSource, RegistryStores } from "../../../registry/store.js";
import { registryTables } from "../migrations.js";

export interface Installation extends RegistryStores {
  readonly records: RecordSource;
  /** Of changes: `end` sends those who follow a domain to the beginning, and tells whether anybody did. */
  readonly feeds: { readonly end: (domain: string) => Promise<boolean> };
  /** By whom gateways here have signed. */
  readonly signers: SignerStore;
  /** So many of those who used most, see `usedLimits`. */
  readonly usedLimits: (most: number) => Promise<readonly UsedLimit[]>;
}

/** Runs `work` on this installation's registry, brought up to date. Throws as `withInstallationPool`. */
export async function withInstallation<T>(
  work: (installation: Installation) => Promise<T>,
  whereNone: WhereNone = "refuse",
): Promise<T> {
  return withInstallationPool(async (pool) => {
    await upToDate(pool);
    return work(installationIn(pool));
  }, whereNone);
}

/** For a command that only looks: it changes nothing, not even the tables. Throws as `withInstallationPool` and `assertMigrated`. */
export async function lookIntoInstallation<T>(
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  return withInstallationPool(async (pool) => {
    await assertUpToDate(pool);
    return work(installationIn(pool));
  });
}

function installationIn(pool: Pool): Installation {
  return {
    names: nameStore(pool),
    domains: domainStore(pool),
    records: recordSource(pool),
    feeds: { end: (domain) => endFeed(pool, domain) },
    signers: signerStore(pool),
    usedLimits: (most) => usedLimits(pool, most),
  };
}

/** The registry's tables as this version wants them. */
export async function upToDate(pool: Pool): Promise<void> {
  await migrate(pool, await registryTables());
}

/** Only looks. Throws as `assertMigrated`. */
export async function assertUpToDate(pool: Pool): Promise<void> {
  await assertMigrated(pool, await registryTables());
}
