/** A gateway's tables beside a relay node's, on an empty Postgres. */
import { type BridgeTables, bridgeTables } from "../../../src/db/messaging/bridgeTables.js";
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
import { outboxTables } from "../../../src/db/outbox/outboxTables.js";
import type { ContactStore } from "../../../src/messaging/network.js";
import type { InjectionStore, LinkStore, SubmissionStore } from "../../../src/messaging/store.js";
import type { RelayDatabase } from "../relay/relayDatabase.js";

const CAPABILITIES = new URL("../../../src/capabilities/", import.meta.url);

export interface MessagingStores {
  readonly schema: string;
  /** Those of a bridge are there for "mail" alone. */
  readonly tables: BridgeTables & MessagingTables;
  readonly outboxSchema: string;
  readonly links: LinkStore;
  readonly contacts: ContactStore;
  readonly submissions: SubmissionStore;
  readonly messages: InjectionStore;
}

export async function messagingStores(
  { pool, tables: relay }: Pick<RelayDatabase, "pool" | "tables">,
  capability: "xmpp" | "mail" = "xmpp",
): Promise<MessagingStores> {
  const migrations = await readMigrations(new URL(`${capability}/migrations/`, CAPABILITIES));
  const { schema } = await migrate(pool, { capability, migrations });
  const tables = { ...bridgeTables(schema), ...messagingTables(schema) };
  const { schema: outboxSchema } = await migrate(pool, await outboxTables());
  return {
    ...{ schema, tables, outboxSchema },
    links: linkStore(pool, tables),
    contacts: contactStore(pool, tables),
    submissions: submissionStore(pool, { tables, outboxSchema, isOfManyDomains: true }),
    messages: injectionStore(pool, tables, relay),
  };
}
