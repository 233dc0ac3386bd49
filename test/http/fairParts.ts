/** What routes share, for tests that mount routes alone: limits that this process counts by itself. */
import { apiShares } from "../../src/http/fairness/apiShares.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { strangersFrom } from "../../src/http/fairness/strangers.js";
import { timeSlices } from "../../src/http/fairness/timeSlices.js";

export function fairParts(nowMs: () => number = Date.now) {
  const own = rateLimits(nowMs);
  const limits = {
    take: (...taken: Parameters<typeof own.take>) => Promise.resolve(own.take(...taken)),
  };
  const shares = apiShares(timeSlices());
  return { limits, shares, strangers: strangersFrom(() => null, limits, shares, nowMs) };
}
