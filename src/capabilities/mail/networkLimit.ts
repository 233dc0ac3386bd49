/** So many questions an hour of one network: each may be a lookup in ENS, or make something. */
import { SignpostError } from "../../errors.js";
import type { Counter } from "../../relay/senderLimits.js";

const HOUR_SEC = 3_600;

/**
 * @param what names what is counted
 * @param network who shares one allowance, as for all of HTTP; null, for whom nobody can be told apart, is not counted
 * @throws LIMIT_EXCEEDED
 */
export function countOfNetwork(
  counter: Counter,
  what: string,
  network: string | null,
  most: number,
): void {
  if (network === null) return;
  const retryAfterSec = counter.take(`${what} ${network}`, most, HOUR_SEC, 1);
  if (retryAfterSec === null) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `From your network came more than ${most} requests in an hour. Try again in ${retryAfterSec} seconds.`,
    { limit: most, retryAfterSec },
  );
}
