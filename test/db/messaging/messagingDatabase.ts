/** A gateway's tables beside a relay node's, on an empty Postgres. */
import { contactStore } from "../../../src/db/messaging/contactStore.js";
import { injectionStore } from "../../../src/db/messaging/injectionStore.js";
import { linkStore } from "../../../src/db/messaging/linkStore.js";
import {
  type MessagingTables,
  messagingTables,
} from "../../../src/db/messaging/messagingTables.js";
import { submissionStore } from "../../../src/db/messaging/submissionStore.js";
import { migrate } from "../../../src/db/migrate.js";
import { readMigrations } from "../../../src/db/migrationFiles.js";
import type { ContactStore } from "../../../src/messaging/network.js";
import type { InjectionStore, LinkStore, SubmissionStore } from "../../../src/messaging/store.js";
import type { RelayDatabase } from "../relay/relayDatabase.js";

const MIGRATIONS = new URL("../../../src/capabilities/xmpp/migrations/", import.meta.url);

export interface MessagingStores {
  readonly tables: MessagingTables;
  readonly links: LinkStore;
  readonly contacts: ContactStore;
  readonly submissions: SubmissionStore;
  readonly messages: InjectionStore;
}

export async function messagingStores({
  pool,
  tables: relay,
}: Pick<RelayDatabase, "pool" | "tables">): Promise<MessagingStores> {
  const migrations = await readMigrations(MIGRATIONS);
  const { schema } = await migrate(pool, { capability: "xmpp", migrations });
  const tables = messagingTables(schema);
  return {
    tables,
    links: linkStore(pool, tables),
    contacts: contactStore(pool, tables),
    submissions: submissionStore(pool, tables),
    messages: injectionStore(pool, tables, relay),
  };
}
