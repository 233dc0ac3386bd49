/** The storage's own secrets. */
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import { ownSecret } from "../accounts/ownSecret.js";
import type { Pool } from "../pool.js";
import type { StorageTables } from "./storageTables.js";

export const STORAGE_SECRET: SealedColumn = {
  capability: "storage",
  table: "own_secret",
  column: "value",
  primaryKey: [{ column: "name", type: "text" }],
  dataKeyColumn: "value_data_key",
};

/** The secret of this name; `make` where there is none yet. Throws as `Secrets`. */
export function storageSecret(
  pool: Pool,
  { secret: table }: StorageTables,
  secrets: Secrets,
  name: string,
  make: () => Uint8Array,
): Promise<Uint8Array> {
  return ownSecret(pool, { table, column: STORAGE_SECRET }, secrets, name, make);
}
