/** The challenges that owners of accounts answered: each counts once, for all processes. */
import type { ChallengeStore } from "../../accounts/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";

/** @param challenge the table */
export function challengeStore(
  pool: Pool,
  { challenge }: { readonly challenge: string },
): ChallengeStore {
  return {
    useOnce: async (id, expiresMs) => {
      const text = `insert into ${challenge} (id, expires_at) values ($1, $2) on conflict do nothing`;
      const { rowCount } = await fromDatabase(pool.query(text, [id, new Date(expiresMs)]));
      return rowCount === 1;
    },
  };
}

/** Forgets those whose time is over. A day later, because the clock that challenges go by is not the database's. */
export async function forgetChallenges(
  pool: Pool,
  { challenge }: { readonly challenge: string },
): Promise<void> {
  await fromDatabase(
    pool.query(`delete from ${challenge} where expires_at < now() - interval '1 day'`),
  );
}
