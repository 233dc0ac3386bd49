import { fromDatabase } from "../db/databaseError.js";
import { schemaOf, usableSchema } from "../db/migrate.js";
import type { Pool } from "../db/pool.js";
import { type RelayTables, relayTables } from "../db/relay/relayTables.js";
import { SignpostError } from "../errors.js";
import { atBeginning, type Told } from "./networkMetrics.js";

const RELAY = "relay";

/** Those of the relay node on the same database. Throws INVALID_CONFIGURATION where there is none. */
export async function relayTablesThere(pool: Pool, told: Told): Promise<RelayTables> {
  const tables = relayTables(schemaOf(RELAY, await usableSchema(pool)));
  const { rows } = await fromDatabase(
    pool.query<{ there: boolean }>("select to_regclass($1) is not null as there", [tables.keySet]),
  );
  if (rows[0]?.there === true) return tables;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `${atBeginning(told)} empties the mailboxes of a relay node, and this database has none. Run both: signpost serve relay ${told.capability}.`,
  );
}
