/** The relay node's tables on an empty Postgres, for one test file. */
import type { ChallengeStore } from "../../../src/accounts/store.js";
import { challengeStore } from "../../../src/db/accounts/challengeStore.js";
import { migrate } from "../../../src/db/migrate.js";
import { readMigrations } from "../../../src/db/migrationFiles.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { accountStore } from "../../../src/db/relay/accountStore.js";
import { blobStore } from "../../../src/db/relay/blobStore.js";
import { retentionStore } from "../../../src/db/relay/endMessages.js";
import { mailboxStore } from "../../../src/db/relay/mailboxStore.js";
import { type RelayTables, relayTables } from "../../../src/db/relay/relayTables.js";
import { sealingTables } from "../../../src/db/sealing/migrations.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import type { BlobBounds, BlobStore } from "../../../src/relay/blobStore.js";
import type {
  MailboxBounds,
  MailboxStore,
  RelayAccountStore,
  RetentionStore,
} from "../../../src/relay/store.js";

const MIGRATIONS = new URL("../../../src/capabilities/relay/migrations/", import.meta.url);

export interface RelayDatabase {
  readonly pool: Pool;
  readonly tables: RelayTables;
  readonly accounts: RelayAccountStore;
  readonly challenges: ChallengeStore;
  readonly retention: RetentionStore;
  readonly blobs: BlobStore;
  mailboxes(bounds?: MailboxBounds): MailboxStore;
  close(): Promise<void>;
}

export const BLOBS: BlobBounds = {
  mostBytes: 1024 * 1024,
  account: { mostBlobs: 4, mostBytes: 2 * 1024 * 1024 },
};

export const ROOMY: MailboxBounds = { mostMessages: 2_000, mostBytes: 32 * 1024 * 1024 };

export async function openRelayDatabase(): Promise<RelayDatabase> {
  const database = await openScratchDatabase();
  const { url } = database;
  const pool = openPool({ url, maxConnections: 10 });
  await migrate(pool, await sealingTables());
  const migrations = await readMigrations(MIGRATIONS);
  const { schema } = await migrate(pool, { capability: "relay", migrations });
  const tables = relayTables(schema);
  return {
    pool,
    tables,
    accounts: accountStore(pool, tables),
    challenges: challengeStore(pool, tables),
    retention: retentionStore(pool, tables),
    blobs: blobStore(pool, tables, BLOBS.account),
    mailboxes: (bounds = ROOMY) => mailboxStore(pool, tables, bounds),
    close: async () => {
      await pool.end();
      await database.close();
    },
  };
}
