/**
 * Commands on the embedded server that another command runs. Each shows by a session of its own that it is there, so
 * that the one that runs the server does not stop it under them.
 */
import { setTimeout as delay } from "node:timers/promises";
import { fromDatabase } from "../db/databaseError.js";
import { openPool, type Pool } from "../db/pool.js";

/** Of those sessions. */
const BESIDE = "signpost beside";

const PAUSE_MS = 200;

/** Until what it returns is called. Throws DATABASE_UNAVAILABLE. */
export async function standBeside(url: string): Promise<() => Promise<void>> {
  const pool = openPool({ url: named(url), maxConnections: 1 });
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

/** In the URL, as PGAPPNAME in the environment counts more than what a pool is called by itself. */
function named(url: string): string {
  const withName = new URL(url);
  withName.searchParams.set("application_name", BESIDE);
  return withName.href;
}

/** @param tell gets a sentence, once, where there is somebody to wait for */
export async function untilNobodyIsBeside(
  url: string,
  tell: (sentence: string) => void,
): Promise<void> {
  const pool = openPool({ url, maxConnections: 1 });
  let isTold = false;
  try {
    for (;;) {
      const count = await countOfOthers(pool);
      if (count === 0) return;
      if (!isTold) tell(sentenceOf(count));
      isTold = true;
      await delay(PAUSE_MS);
    }
  } finally {
    await pool.end();
  }
}

/** Null where the server would not say, as it is busy: then it is not to be stopped under anybody. */
async function countOfOthers(pool: Pool): Promise<number | null> {
  try {
    const { rows } = await pool.query<{ count: number }>(
      "select count(*)::int as count from pg_stat_activity where application_name = $1",
      [BESIDE],
    );
    return rows[0]?.count ?? 0;
  } catch (error) {
    // the server is gone, and with it whoever was there; one that goes at this moment is so at the next question
    return error instanceof Error && "code" in error && GONE.has(error.code) ? 0 : null;
  }
}

/** No socket is there any more, or nobody listens to it. */
const GONE = new Set<unknown>(["ENOENT", "ECONNREFUSED"]);

function sentenceOf(count: number | null): string {
  const others =
    count === null
      ? "other commands may work"
      : count === 1
        ? "another command works"
        : `${count} other commands work`;
  return `${others} on the embedded Postgres that this process runs, and it ends after that. Ending it now ends them as well.`;
}
