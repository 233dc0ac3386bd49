/**
 * Joins a network to the relay node on the same database: the mailboxes of linked accounts are emptied into it, and what its users
 * submit is carried to other relay nodes.
 */
import { toSignpostError } from "../http/shownError.js";
import type { Parts, RunningCapability } from "../service/capability.js";
import { openTables } from "../service/openTables.js";
import type { ConnectOptions } from "./networkGround.js";
import { runNetwork } from "./runNetwork.js";

/** Throws DATABASE_UNAVAILABLE, INVALID_CONFIGURATION, and what `Secrets` throws. */
export async function connectNetwork(
  parts: Parts,
  options: ConnectOptions,
): Promise<RunningCapability> {
  const reportFailure = (error: unknown) => {
    parts.reportFailure(toSignpostError(error));
  };
  const { pool, schema } = await openTables(parts, options.capability);
  try {
    return await runNetwork(parts, options, { pool, schema, reportFailure });
  } catch (error) {
    await pool.end();
    throw error;
  }
}
