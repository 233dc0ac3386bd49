import { SignpostError } from "../../errors.js";

export interface Bound {
  readonly limit: number;
  /** What is counted, over which time, and whose it is; follows the number in the sentence. */
  readonly of: string;
  /** How many were asked for at once. */
  readonly count?: number;
}

/** Throws LIMIT_EXCEEDED unless there is nothing to wait for. */
export function assertWithin(retryAfterSec: number | null, { limit, of, count = 1 }: Bound): void {
  if (retryAfterSec === null) return;
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    count > limit
      ? `That is more at once than the limit of ${limit} ${of} ever lets through: waiting does not help, send less at once.`
      : `That is more than the limit of ${limit} ${of}; wait ${retryAfterSec} seconds, or send less at once.`,
    { limit, retryAfterSec },
  );
}
