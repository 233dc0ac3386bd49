/** Whether a database keeps what it says that it has kept: for whatever accepts messages, which a crash must not lose. */
import { fromDatabase } from "../db/databaseError.js";
import type { Pool } from "../db/pool.js";
import { isSignpostError } from "../errors.js";
import { within } from "../fetch/within.js";
import { DATABASE_TOO_LATE, READY_TIMEOUT_MS } from "../http/readiness.js";

const QUESTION = {
  text: "select current_setting('synchronous_commit') as setting",
  // a connection that answers nothing is not kept for the next question
  query_timeout: READY_TIMEOUT_MS,
};

/**
 * Why nothing may be accepted now; empty where there is no reason. Takes 2 s at most.
 * @param who begins the sentence: "The relay node"
 */
export function durabilityReasons(pool: Pool, who: string): Promise<readonly string[]> {
  return within(READY_TIMEOUT_MS, askedReasons(pool, who), () => [DATABASE_TOO_LATE]);
}

async function askedReasons(pool: Pool, who: string): Promise<readonly string[]> {
  try {
    const { rows } = await fromDatabase(pool.query<{ setting: string }>(QUESTION));
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
