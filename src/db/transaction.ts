/** One transaction on one connection. */
import type pg from "pg";
import { SignpostError } from "../errors.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

export type Connection = pg.PoolClient;

/**
 * Commits when `change` returns, rolls back when it throws, and passes on what it threw. When the commit
 * itself fails with DATABASE_UNAVAILABLE, it is not known whether the change was kept.
 */
export async function inTransaction<Result>(
  pool: Pool,
  change: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await fromDatabase(pool.connect());
  // a connection that is lost between two statements tells so by an event, which would end the process
  connection.on("error", ignore);
  let reusable = false;
  try {
    // whatever the server's default is: under a lock, each statement must see what the last holder wrote
    await fromDatabase(connection.query("begin isolation level read committed"));
    let result: Result;
    try {
      result = await change(connection);
    } catch (error) {
      reusable = await rolledBack(connection);
      throw error;
    }
    const { command } = await fromDatabase(connection.query("commit"));
    reusable = true;
    // Postgres answers a commit after a failed statement with a rollback, and without an error
    if (command !== "COMMIT") {
      throw new SignpostError(
        "INTERNAL",
        "A change went on after one of its statements had failed, and was rolled back; please report it.",
      );
    }
    return result;
  } finally {
    connection.off("error", ignore);
    connection.release(!reusable);
  }
}

/** False when the connection is lost, and with it the transaction. */
async function rolledBack(connection: Connection): Promise<boolean> {
  try {
    await connection.query("rollback");
    return true;
  } catch {
    return false;
  }
}

function ignore(): void {
  // the next statement on this connection fails and says why
}
