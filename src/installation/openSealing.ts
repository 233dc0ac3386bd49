/** Secrets at rest of this installation: its data keys, and the wrapping keys that the settings name. */
import { assertMigrated, migrate, schemaOf, SEALING, usableSchema } from "../db/migrate.js";
import type { Pool } from "../db/pool.js";
import { dataKeyStore, storedDataKeys } from "../db/sealing/dataKeyStore.js";
import { sealingTables } from "../db/sealing/migrations.js";
import { SignpostError } from "../errors.js";
import { dataKeysOf } from "../sealing/dataKeys.js";
import type { StoredDataKey } from "../sealing/dataKeyStore.js";
import type { RewrapParts } from "../sealing/rewrap.js";
import { type Secrets, secretsOf } from "../sealing/secrets.js";
import type { WrappingKeys } from "../sealing/wrappingKey.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import { openWrappingKeys } from "../wrapping-keys/openWrappingKeys.js";

export interface Sealing extends RewrapParts {
  /** For a capability, which calls `check` before it serves. */
  readonly secrets: Secrets;
  close(): void;
}

/**
 * Brings the sealing's table up to date, before a capability's own. Asks for no key yet: `secrets` does when there is
 * something to seal or to open.
 * @throws INVALID_CONFIGURATION when a key that the settings name cannot be read, DATABASE_UNAVAILABLE
 */
export async function openSealing(pool: Pool, locations: WrappingKeyLocations): Promise<Sealing> {
  const wrappingKeys = await openWrappingKeys(locations, "refuse");
  const { schema } = await migrate(pool, await sealingTables());
  const store = dataKeyStore(pool, schema);
  const dataKeys = dataKeysOf(store, wrappingKeys);
  return {
    ...{ store, dataKeys, wrappingKeys },
    secrets: secretsOf(dataKeys),
    close: () => {
      closeAll(wrappingKeys);
    },
  };
}

/**
 * For a command that only looks: opens secrets that are there, and makes neither tables nor keys.
 * @param whereMissing says what to do where a secret is not there, of which one would be made otherwise
 * @throws as `openSealing` and `assertMigrated`; its `secrets` refuse to write with INVALID_CONFIGURATION
 */
export async function openSealingToLook(
  pool: Pool,
  locations: WrappingKeyLocations,
  whereMissing: string,
): Promise<Pick<Sealing, "secrets" | "close">> {
  const { schema } = await assertMigrated(pool, await sealingTables());
  const wrappingKeys = await openWrappingKeys(locations, "refuse");
  const secrets = secretsOf(dataKeysOf(dataKeyStore(pool, schema), wrappingKeys));
  const refuse = () => Promise.reject(new SignpostError("INVALID_CONFIGURATION", whereMissing));
  return {
    secrets: { ...secrets, write: refuse, check: refuse },
    close: () => {
      closeAll(wrappingKeys);
    },
  };
}

/** What there is, for whoever only looks. */
export interface SealingAsItIs {
  /** None where this database never kept a secret. */
  readonly dataKeys: readonly StoredDataKey[];
  readonly wrappingKeys: WrappingKeys;
  close(): void;
}

/**
 * Reads only: makes no table, and needs no right to make one. A key that cannot be read is part of what there is.
 * @throws DATABASE_UNAVAILABLE
 */
export async function readSealing(
  pool: Pool,
  locations: WrappingKeyLocations,
): Promise<SealingAsItIs> {
  const dataKeys = await storedDataKeys(pool, schemaOf(SEALING, await usableSchema(pool)));
  const wrappingKeys = await openWrappingKeys(locations, "tell");
  return {
    ...{ dataKeys, wrappingKeys },
    close: () => {
      closeAll(wrappingKeys);
    },
  };
}

function closeAll(wrappingKeys: WrappingKeys): void {
  for (const key of wrappingKeys) key.close();
}
