/** The storage's tables on an empty Postgres, for one test file. */
import { fromHex } from "../../../src/abi/hex.js";
import { sha256OfText } from "../../../src/abi/sha256.js";
import { STORAGE } from "../../../src/capabilities/storage/migrations.js";
import { migrate } from "../../../src/db/migrate.js";
import { readMigrations } from "../../../src/db/migrationFiles.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { sealingTables } from "../../../src/db/sealing/migrations.js";
import { storageAccountStore } from "../../../src/db/storage/accountStore.js";
import { conversationStore } from "../../../src/db/storage/conversationStore.js";
import { feedStore } from "../../../src/db/storage/feedStore.js";
import { messageStore } from "../../../src/db/storage/messageStore.js";
import { retentionStore } from "../../../src/db/storage/retentionStore.js";
import { type StorageTables, storageTables } from "../../../src/db/storage/storageTables.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import type { StorageBounds } from "../../../src/storage/bounds.js";
import type {
  ConversationStore,
  FeedStore,
  MessageStore,
  NewMessage,
  StorageAccountStore,
  StorageRetention,
} from "../../../src/storage/store.js";
import { people } from "../../dm3/profile/sampleProfiles.js";

const MIGRATIONS = new URL("../../../src/capabilities/storage/migrations/", import.meta.url);

export interface StorageDatabase {
  readonly pool: Pool;
  readonly tables: StorageTables;
  readonly accounts: StorageAccountStore;
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
  readonly feed: FeedStore;
  readonly retention: StorageRetention;
  /** Another process on the same database: changes of the two meet at the database alone. */
  another(): StorageDatabase;
  /** The number of a new account. */
  accountOf(person: keyof typeof people): Promise<number>;
  close(): Promise<void>;
}

export const ROOMY: StorageBounds = {
  ...{ mostConversations: 1_000, mostMessages: 1_000_000, mostBytes: 1e12, mostMessageBytes: 1e6 },
};

const addressOfPerson = (person: keyof typeof people): Address =>
  addressFrom(fromHex(people[person].address.toLowerCase()));

export async function openStorageDatabase(bounds = ROOMY): Promise<StorageDatabase> {
  const database = await openScratchDatabase();
  const pool = openPool({ url: database.url, maxConnections: 10 });
  await migrate(pool, await sealingTables());
  const migrations = await readMigrations(MIGRATIONS);
  const { schema } = await migrate(pool, { capability: STORAGE, migrations });
  return storesOn(database.url, pool, storageTables(schema), bounds, () => database.close());
}

/** The tables that a service has made at a URL. */
export async function onStorageTables(url: string): Promise<StorageDatabase> {
  const pool = openPool({ url, maxConnections: 2 });
  const migrations = await readMigrations(MIGRATIONS);
  const { schema } = await migrate(pool, { capability: STORAGE, migrations });
  return storesOn(url, pool, storageTables(schema), ROOMY, () => Promise.resolve());
}

function storesOn(
  url: string,
  pool: Pool,
  tables: StorageTables,
  bounds: StorageBounds,
  closeDatabase: () => Promise<void>,
): StorageDatabase {
  const accounts = storageAccountStore(pool, tables);
  return {
    ...{ pool, tables, accounts },
    another: () => {
      const own = openPool({ url, maxConnections: 10 });
      return storesOn(url, own, tables, bounds, () => Promise.resolve());
    },
    conversations: conversationStore(pool, tables, bounds),
    messages: messageStore(pool, tables, bounds),
    feed: feedStore(pool, tables, bounds),
    retention: retentionStore(pool, tables, bounds),
    accountOf: async (person) => {
      const address = addressOfPerson(person);
      await accounts.putAccount({ address, name: null, signed: people[person].signedUserProfile });
      return (await accounts.accountOf(address))?.number ?? 0;
    },
    close: async () => {
      await pool.end();
      await closeDatabase();
    },
  };
}

export const stored = (id: string, createdMs = 1_000): NewMessage => ({
  ...{ id: sha256OfText(id), createdMs, isHalted: false, container: `container ${id}` },
});
