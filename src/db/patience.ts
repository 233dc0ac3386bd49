/** Statements that may take long: the server has to be told for their transaction, and the driver with each of them. */
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

/** All names are looked at once, which takes some seconds of ten million; a migration may rewrite a large table. */
export const PATIENCE_MS = 10 * 60_000;

/** Tells the server, until the end of the transaction. */
export async function bePatient(connection: Connection): Promise<void> {
  await patiently(connection, `set local statement_timeout = ${PATIENCE_MS}`);
}

/**
 * Inside of a transaction whose server knows of that patience.
 * @param format how the driver gives a row
 */
export async function patiently<Row extends object>(
  connection: Connection,
  text: string,
  values: readonly unknown[] = [],
  mostMs = PATIENCE_MS,
  format: object = {},
): Promise<readonly Row[]> {
  const question = { text, values: [...values], query_timeout: mostMs, ...format };
  return (await fromDatabase(connection.query<Row>(question))).rows;
}
