/** The outbox's own table, for every capability that sends: in a schema beside theirs, as the sealing's. */
import type { SealedColumn } from "../../sealing/place.js";
import type { Tables } from "../migrate.js";
import { readMigrations } from "../migrationFiles.js";

const OUTBOX = "outbox";

/** Beside this file, in the sources as well as in the build (scripts/copy-sql.mjs puts them there). */
const MIGRATIONS_FOLDER = new URL("migrations/", import.meta.url);

/** To be migrated after the sealing's. */
export async function outboxTables(): Promise<Tables> {
  return { capability: OUTBOX, migrations: await readMigrations(MIGRATIONS_FOLDER) };
}

/** What messages say, while they are on their way. */
export const OUTGOING_GIVEN: SealedColumn = {
  capability: OUTBOX,
  table: "outgoing_message",
  column: "given",
  primaryKey: [{ column: "id", type: "text" }],
  dataKeyColumn: "given_data_key",
};
