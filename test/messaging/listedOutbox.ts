/** The outbox of a gateway in a world of a test: in Postgres, beside its other tables, with a list of what is in it. */
import { carriedOutbox } from "../../src/db/messaging/carriedOutbox.js";
import type { MessagingTables } from "../../src/db/messaging/messagingTables.js";
import { migrate } from "../../src/db/migrate.js";
import { outboxTables } from "../../src/db/outbox/outboxTables.js";
import { outgoingTable } from "../../src/db/outbox/postgresOutbox.js";
import type { Pool } from "../../src/db/pool.js";
import type { Secrets } from "../../src/sealing/secrets.js";
import type { Outbox } from "../../src/sending/outbox.js";
import type { OutgoingMessage } from "../../src/sending/outgoingMessage.js";

export interface ListedOutbox extends Outbox {
  /** Oldest first. */
  readonly list: () => Promise<readonly OutgoingMessage[]>;
}

/** Where the sealing was opened before. */
export async function outboxSchemaOf(pool: Pool): Promise<string> {
  return (await migrate(pool, await outboxTables())).schema;
}

export function listedOutbox(
  pool: Pool,
  schema: string,
  tables: MessagingTables,
  secrets: Secrets,
): ListedOutbox {
  const outbox = carriedOutbox(pool, schema, tables, secrets);
  return {
    ...outbox,
    list: async () => {
      const text = `select id from ${outgoingTable(schema)} order by created_ms, id`;
      const { rows } = await pool.query<{ id: string }>(text);
      const all = await Promise.all(rows.map(({ id }) => outbox.get(id)));
      return all.filter((one) => one !== null);
    },
  };
}
