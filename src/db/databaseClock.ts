/** The clock of the machine that Postgres runs on: a second opinion about ours. */
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";

/** In milliseconds of Unix time. Throws DATABASE_UNAVAILABLE. */
export async function databaseClockMs(pool: Pool): Promise<number> {
  const { rows } = await fromDatabase(
    pool.query<{ ms: string }>("select extract(epoch from clock_timestamp()) * 1000 as ms"),
  );
  return Number(rows[0]?.ms);
}
