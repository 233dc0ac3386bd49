/** An outbox in an empty Postgres, for one test file. */
import { join } from "node:path";
import { migrate } from "../../../src/db/migrate.js";
import { outboxTables } from "../../../src/db/outbox/outboxTables.js";
import { postgresOutbox } from "../../../src/db/outbox/postgresOutbox.js";
import { openPool, type Pool } from "../../../src/db/pool.js";
import { openSealing } from "../../../src/installation/openSealing.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import type { Outbox } from "../../../src/sending/outbox.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";

export interface OutboxDatabase {
  readonly url: string;
  readonly keyFile: string;
  readonly pool: Pool;
  readonly schema: string;
  readonly outbox: Outbox;
  close(): Promise<void>;
}

export async function openOutboxDatabase(): Promise<OutboxDatabase> {
  const database = await openScratchDatabase();
  const { url } = database;
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const opened = await openOutbox(url, keyFile);
  return {
    ...{ url, keyFile, ...opened },
    close: async () => {
      await opened.pool.end();
      await database.close();
      await removeFolder(folder);
    },
  };
}

/** As each process that sends does it. */
export async function openOutbox(url: string, keyFile: string) {
  const pool = openPool({ url, maxConnections: 10 });
  const key = { kind: "file", file: keyFile } as const;
  const { secrets } = await openSealing(pool, { key, formerKeys: [] });
  const { schema } = await migrate(pool, await outboxTables());
  return { pool, schema, outbox: postgresOutbox(pool, schema, secrets) };
}
