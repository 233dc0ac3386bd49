/**
 * Commands on the embedded server that another command runs. Each shows by a session of its own that it is there, so
 * that the one that runs the server does not stop it under them.
 */
import { setTimeout as delay } from "node:timers/promises";
import { fromDatabase } from "../db/databaseError.js";
import { openPool } from "../db/pool.js";

/** Of those sessions. */
const BESIDE = "signpost beside";

const PAUSE_MS = 200;

/** Until what it returns is called. Throws DATABASE_UNAVAILABLE. */
export async function standBeside(url: string): Promise<() => Promise<void>> {
  const pool = openPool({ url, maxConnections: 1, applicationName: BESIDE });
  try {
    const session = await fromDatabase(pool.connect());
    return async () => {
      // not kept for the next one, who would never come
      session.release(true);
      await pool.end();
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** @param tell gets a sentence, once, where there is somebody to wait for */
export async function untilNobodyIsBeside(
  url: string,
  tell: (sentence: string) => void,
): Promise<void> {
  const pool = openPool({ url, maxConnections: 1 });
  const count = async () => {
    const { rows } = await pool.query<{ count: number }>(
      "select count(*)::int as count from pg_stat_activity where application_name = $1",
      [BESIDE],
    );
    return rows[0]?.count ?? 0;
  };
  try {
    const first = await count();
    if (first === 0) return;
    const others = first === 1 ? "another command works" : `${first} other commands work`;
    tell(
      `${others} on the embedded Postgres that this process runs, and it ends after that. Ending it now ends them as well.`,
    );
    while ((await count()) > 0) await delay(PAUSE_MS);
  } catch {
    // the server is gone, and with it whoever was there
  } finally {
    await pool.end();
  }
}
