/** Many reads of one moment, on one connection; nothing is written. */
import { fromDatabase } from "../databaseError.js";
import { patiently } from "../patience.js";
import type { Pool } from "../pool.js";
import type { Connection } from "../transaction.js";

/** A snapshot keeps the server from cleaning up behind it, so that it must end; a slow reader has its time as well. */
const LONGEST_STATEMENT_MS = 60 * 60_000;

const BEGIN = [
  "begin isolation level repeatable read read only",
  "set local bytea_output = 'hex'",
  `set local statement_timeout = ${LONGEST_STATEMENT_MS}`,
  `set local idle_in_transaction_session_timeout = ${LONGEST_STATEMENT_MS}`,
];

export async function inSnapshot<Result>(
  pool: Pool,
  read: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await fromDatabase(pool.connect());
  connection.on("error", ignore);
  try {
    for (const statement of BEGIN) await fromDatabase(connection.query(statement));
    return await read(connection);
  } finally {
    connection.off("error", ignore);
    // with its transaction, whatever state that is in
    connection.release(true);
  }
}

/**
 * Inside of a snapshot.
 * @param format how the driver gives a row
 */
export const askSnapshot = <Row extends object>(
  connection: Connection,
  text: string,
  values: readonly unknown[] = [],
  format: object = {},
): Promise<readonly Row[]> =>
  patiently<Row>(connection, text, values, LONGEST_STATEMENT_MS, format);

function ignore(): void {
  // the next statement fails and says why
}
