/**
 * Statements planned for what the tables hold now. A server keeps the plan of a statement that it was given often; one that was
 * made while a table was nearly empty reads all of it, and does so until the server has counted the rows again.
 */
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

const PRESENT_PLANS = "set local plan_cache_mode = force_custom_plan";

/** Until the end of the transaction. For many rows at once: planning costs more than a statement about one row. */
export async function planForPresent(connection: Connection): Promise<void> {
  await fromDatabase(connection.query(PRESENT_PLANS));
}
