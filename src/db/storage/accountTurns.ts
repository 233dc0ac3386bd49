/** Changes of one account wait for one another here, before each takes a connection: else one account could hold all of them. */
import type { Pool } from "../pool.js";

const turns = new WeakMap<Pool, Map<number, Promise<unknown>>>();

/** Runs `work` when those that came before it for the same account have ended, whatever became of them. */
export async function inTurnOf<Result>(
  pool: Pool,
  account: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const own = turns.get(pool) ?? new Map<number, Promise<unknown>>();
  turns.set(pool, own);
  const before = own.get(account) ?? Promise.resolve();
  const mine = before.then(work, work);
  own.set(account, mine);
  try {
    return await mine;
  } finally {
    if (own.get(account) === mine) own.delete(account);
  }
}
