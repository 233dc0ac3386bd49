/** What routes share, for tests that mount routes alone: limits that this process counts by itself. */
import { apiShares } from "../../src/http/fairness/apiShares.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { strangersFrom } from "../../src/http/fairness/strangers.js";

export function fairParts(nowMs: () => number = Date.now) {
  const own = rateLimits(nowMs);
  const limits = {
    take: (...taken: Parameters<typeof own.take>) => Promise.resolve(own.take(...taken)),
  };
  const shares = apiShares();
  return { limits, shares, strangers: strangersFrom(() => null, limits, shares, nowMs) };
}
