/** A transaction that waits for others' locks, but not for long: a connection waits with it. */
import { SignpostError } from "../errors.js";
import { fromDatabase, isLockTimeout } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { type Connection, inTransaction } from "./transaction.js";

/** Only changes of the same names or domain wait for one another. */
const LONGEST_WAIT_SEC = 3;
const BOUND_WAITING = `set local lock_timeout = '${LONGEST_WAIT_SEC}s'`;

/** As `inTransaction`. Throws LIMIT_EXCEEDED when it waited for too long; then nothing was written. */
export async function inBoundedTransaction<Result>(
  pool: Pool,
  change: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const done = inTransaction(pool, async (connection) => {
    await fromDatabase(connection.query(BOUND_WAITING));
    return change(connection);
  });
  return done.catch((error: unknown) => {
    throw isLockTimeout(error) ? namesAreBusy() : error;
  });
}

function namesAreBusy(): SignpostError {
  return new SignpostError(
    "LIMIT_EXCEEDED",
    `Another change of the same name or domain takes longer than ${LONGEST_WAIT_SEC} seconds; send this one again, and fewer of one name at once.`,
    { retryAfterSec: LONGEST_WAIT_SEC },
  );
}
