/**
 * Joins a network to the relay node on the same database: the mailboxes of linked accounts are emptied into it, and what its users
 * submit is carried to other relay nodes.
 */
import { openPool } from "../db/pool.js";
import { unpackTables } from "../ens/normalize.js";
import { toSignpostError } from "../http/shownError.js";
import { loadEngines } from "../native/engines.js";
import type { Parts, RunningCapability } from "../service/capability.js";
import type { ConnectOptions } from "./networkGround.js";
import { runNetwork } from "./runNetwork.js";

/** Throws DATABASE_UNAVAILABLE, INVALID_CONFIGURATION, and what `Secrets` throws. */
export async function connectNetwork(
  parts: Parts,
  options: ConnectOptions,
): Promise<RunningCapability> {
  const { database } = parts;
  const reportFailure = (error: unknown) => {
    parts.reportFailure(toSignpostError(error));
  };
  await loadEngines();
  unpackTables();
  const { schema } = await database.migrate();
  await parts.secrets.check();
  const pool = openPool({
    ...{ url: database.url, pooler: database.pooler },
    applicationName: `signpost ${options.capability}`,
    durable: true,
    onConnectionLost: reportFailure,
  });
  try {
    return await runNetwork(parts, options, { pool, schema, reportFailure });
  } catch (error) {
    await pool.end();
    throw error;
  }
}
