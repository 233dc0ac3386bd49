/** Limits that hold for all processes of an installation, because they count in its database. */
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Limits } from "../registry/access/limits.js";
import type { Pool } from "./pool.js";

/**
 * The table is of the registry's migrations. A period begins with the first that is taken, and ends for all of it at once.
 *
 * @param whileItIsDown takes the place of a database that does not answer
 */
export function sharedLimits(pool: Pool, whileItIsDown: Limits): Limits {
  const limiters = new Map<string, RateLimiterPostgres>();

  const limiterOf = (limit: number, periodSec: number): RateLimiterPostgres => {
    const name = `${limit}/${periodSec}`;
    const known = limiters.get(name);
    if (known) return known;
    const limiter = new RateLimiterPostgres({
      points: limit,
      duration: periodSec,
      keyPrefix: "",
      storeClient: pool,
      storeType: "pool",
      tableName: "rate_limit",
      tableCreated: true,
      // one of them removes old rows for all
      clearExpiredByTimeout: limiters.size === 0,
    });
    limiters.set(name, limiter);
    return limiter;
  };

  return {
    async take(bucket, limit, periodSec, count) {
      if (count > limit) return periodSec;
      const limiter = limiterOf(limit, periodSec);
      try {
        await limiter.consume(bucket, count);
        return null;
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) {
          return whileItIsDown.take(bucket, limit, periodSec, count);
        }
        // it was counted all the same; when that cannot be undone, the period ends soon enough
        await limiter.reward(bucket, count).catch(() => null);
        return Math.max(1, Math.ceil(thrown.msBeforeNext / 1000));
      }
    },
  };
}
