import { SignpostError } from "../../errors.js";

/** Throws LIMIT_EXCEEDED unless there is nothing to wait for. */
export function assertWithin(retryAfterSec: number | null, limit: number): void {
  if (retryAfterSec === null) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `That is more than the limit of ${limit}; wait ${retryAfterSec} seconds, or send less at once.`,
    { limit, retryAfterSec },
  );
}
