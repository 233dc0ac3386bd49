/** Whether a database keeps what it says that it has kept: for whatever accepts messages, which a crash must not lose. */
import { fromDatabase } from "../db/databaseError.js";
import type { Pool } from "../db/pool.js";
import { isSignpostError } from "../errors.js";

/**
 * Why nothing may be accepted now; empty where there is no reason.
 * @param who begins the sentence: "The relay node"
 */
export async function durabilityReasons(pool: Pool, who: string): Promise<readonly string[]> {
  try {
    const { rows } = await fromDatabase(
      pool.query<{ setting: string }>("select current_setting('synchronous_commit') as setting"),
    );
    return rows[0]?.setting === "off"
      ? [
          `${who}'s Postgres answers before it has written (synchronous_commit is off), so a crash would lose accepted messages. Set it to on.`,
        ]
      : [];
  } catch (error) {
    if (isSignpostError(error)) return [error.message];
    throw error;
  }
}
