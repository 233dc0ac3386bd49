/** The relay node's own secrets. */
import type { SealedColumn } from "../../sealing/place.js";
import type { Secrets } from "../../sealing/secrets.js";
import { ownSecret } from "../accounts/ownSecret.js";
import type { Pool } from "../pool.js";
import type { RelayTables } from "./relayTables.js";

export const NODE_SECRET: SealedColumn = {
  capability: "relay",
  table: "node_secret",
  column: "value",
  primaryKey: [{ column: "name", type: "text" }],
  dataKeyColumn: "value_data_key",
};

/** The secret of this name; `make` where there is none yet. Throws as `Secrets`. */
export function nodeSecret(
  pool: Pool,
  { secret: table }: RelayTables,
  secrets: Secrets,
  name: string,
  make: () => Uint8Array,
): Promise<Uint8Array> {
  return ownSecret(pool, { table, column: NODE_SECRET }, secrets, name, make);
}
