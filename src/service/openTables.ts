/** What a capability with tables of its own begins with, when it keeps what others gave it. */
import { openPool, type Pool } from "../db/pool.js";
import { unpackTables } from "../ens/normalize.js";
import { loadEngines } from "../native/engines.js";
import type { Parts } from "./capability.js";

export interface OpenTables {
  /** What it has answered is on the disk. Ended by whoever opened it. */
  readonly pool: Pool;
  readonly schema: string;
}

/**
 * Brings its tables up to date and checks the secrets in them.
 * @param name shown by Postgres: `signpost <name>`
 * @throws DATABASE_UNAVAILABLE, and what `Secrets` throws
 */
export async function openTables(
  { database, secrets, reportFailure }: Pick<Parts, "database" | "secrets" | "reportFailure">,
  name: string,
): Promise<OpenTables> {
  await loadEngines();
  unpackTables();
  const { schema } = await database.migrate();
  await secrets.check();
  const pool = openPool({
    ...{ url: database.url, pooler: database.pooler },
    applicationName: `signpost ${name}`,
    durable: true,
    onConnectionLost: (error) => {
      reportFailure(error);
    },
  });
  return { pool, schema };
}
