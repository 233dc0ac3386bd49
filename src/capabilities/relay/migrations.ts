/** The relay node's tables, as this version wants them. */
import type { Tables } from "../../db/migrate.js";
import { readMigrations } from "../../db/migrationFiles.js";
import { NODE_SECRET } from "../../db/relay/nodeSecrets.js";

export const RELAY = NODE_SECRET.capability;

/** Beside this file, in the sources as well as in the build. */
export const RELAY_MIGRATIONS = new URL("migrations/", import.meta.url);

export async function relayTablesWanted(): Promise<Tables> {
  return { capability: RELAY, migrations: await readMigrations(RELAY_MIGRATIONS) };
}
