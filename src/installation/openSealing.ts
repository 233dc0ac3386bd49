/** Secrets at rest of this installation: its data keys, and the wrapping keys that the settings name. */
import { migrate } from "../db/migrate.js";
import type { Pool } from "../db/pool.js";
import { dataKeyStore } from "../db/sealing/dataKeyStore.js";
import { sealingTables } from "../db/sealing/migrations.js";
import { dataKeysOf } from "../sealing/dataKeys.js";
import type { RewrapParts } from "../sealing/rewrap.js";
import { type Secrets, secretsOf } from "../sealing/secrets.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import { openWrappingKeys } from "../wrapping-keys/openWrappingKeys.js";

export interface Sealing extends RewrapParts {
  /** For a capability, which calls `check` before it serves. */
  readonly secrets: Secrets;
  /** Where `data_key` is. */
  readonly schema: string;
  close(): void;
}

/**
 * Brings the sealing's table up to date, before a capability's own. Asks for no key yet: `secrets` does when there is
 * something to seal or to open.
 * @throws INVALID_CONFIGURATION when a key that the settings name cannot be read, DATABASE_UNAVAILABLE
 */
export async function openSealing(pool: Pool, locations: WrappingKeyLocations): Promise<Sealing> {
  const wrappingKeys = await openWrappingKeys(locations);
  const { schema } = await migrate(pool, await sealingTables());
  const store = dataKeyStore(pool, schema);
  const dataKeys = dataKeysOf(store, wrappingKeys);
  return {
    ...{ store, dataKeys, wrappingKeys, schema },
    secrets: secretsOf(dataKeys),
    close: () => {
      for (const key of wrappingKeys) key.close();
    },
  };
}
