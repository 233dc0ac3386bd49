import { SignpostError } from "../../errors.js";

/**
 * Throws LIMIT_EXCEEDED unless there is nothing to wait for.
 *
 * @param what is limited, in which time: "changes a minute"
 */
export function assertWithin(retryAfterSec: number | null, limit: number, what: string): void {
  if (retryAfterSec === null) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `The limit is ${limit} ${what}; wait ${retryAfterSec} seconds, or send less at once.`,
    { limit, retryAfterSec },
  );
}
