/** The API keys with which primaries are followed, by the domains. */
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import type { Tables } from "../migrate.js";
import type { Pool } from "../pool.js";
import { type SecretTable, secretTable } from "../secretTable.js";

/** Its table lies in a schema of this name beside the registry's. */
const MIRRORS = "registry_mirrors";

export const MIRROR_KEY: SealedColumn = {
  capability: MIRRORS,
  table: "mirror_key",
  column: "api_key",
  primaryKey: [{ column: "domain", type: "text" }],
  dataKeyColumn: "api_key_key",
};

export type MirrorKeys = SecretTable<string>;

/** @param migrations of the table */
export function mirrorKeys(
  pool: Pool,
  secrets: Secrets,
  migrations: () => Promise<Tables["migrations"]>,
): MirrorKeys {
  return secretTable(pool, secrets, MIRROR_KEY, migrations);
}
