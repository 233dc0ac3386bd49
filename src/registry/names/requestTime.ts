/** When a signed request counts: until its deadline, and once, in the order of the sequence. */
import { SignpostError } from "../../errors.js";
import type { NameRequest } from "../../signing/nameRequest.js";
import type { OperationMessage } from "../../signing/operationMessage.js";

/** How far ahead a deadline may lie; a signature that leaks is of no use after it. */
const LONGEST_DEADLINE_SEC = 15 * 60;
/** What clocks of clients are ahead of ours. */
const CLOCK_SKEW_SEC = 60;

/** Throws REQUEST_EXPIRED, INVALID_REQUEST for a deadline too far ahead, WRONG_SEQUENCE. */
export function assertCurrent(
  request: NameRequest,
  { name, sequence, nowMs }: { name: string; sequence: number; nowMs: number },
): void {
  assertInTime(request, nowMs);
  const next = sequence + 1;
  if (request.sequence === next) return;
  const why = request.sequence < next ? "was used before" : "skips one that was not used yet";
  throw new SignpostError(
    "WRONG_SEQUENCE",
    `The request has the sequence ${request.sequence}, which ${why}. Sign it again with ${next}, the next sequence of ${name}.`,
    { name, next },
  );
}

/**
 * The same for a writer's message, which has an expiry and no sequence: it has to expire later than any before it.
 * Throws REQUEST_EXPIRED, INVALID_REQUEST for an expiry too far ahead, WRONG_SEQUENCE.
 */
export function assertWriteCurrent(
  { expirationTimestamp }: OperationMessage,
  { name, writesAfterSec, nowMs }: { name: string; writesAfterSec: number; nowMs: number },
): void {
  // a bigint that a number cannot represent exactly is too far ahead in any case
  assertInTime({ deadline: Number(expirationTimestamp) }, nowMs);
  if (expirationTimestamp > BigInt(writesAfterSec)) return;
  throw new SignpostError(
    "WRONG_SEQUENCE",
    `The message was accepted before, or the owner of ${name} has signed something newer. Ask the resolver again after the next block of its chain, and sign the message that it returns then.`,
    { name, expiresAfter: writesAfterSec },
  );
}

/** Throws REQUEST_EXPIRED, INVALID_REQUEST for a deadline too far ahead. */
export function assertInTime({ deadline }: Pick<NameRequest, "deadline">, nowMs: number): void {
  const nowSec = nowMs / 1000;
  if (nowSec > deadline + 1) {
    throw new SignpostError(
      "REQUEST_EXPIRED",
      `The deadline of the signed request, ${isoTime(deadline)}, has passed: it is ${isoTime(nowSec)} by the service's clock. Sign it again, with a deadline by that clock.`,
      { deadline },
    );
  }
  if (deadline > nowSec + LONGEST_DEADLINE_SEC + CLOCK_SKEW_SEC) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The deadline of a signed request may be at most ${LONGEST_DEADLINE_SEC} seconds ahead (Unix time in seconds), and it is ${isoTime(nowSec)} by the service's clock. Sign it again with an earlier deadline.`,
      { deadline },
    );
  }
}

/** Seconds as ISO 8601 in UTC; as a number where a date cannot hold them. */
function isoTime(sec: number): string {
  return Math.abs(sec) < 8.64e12 ? `${new Date(sec * 1000).toISOString().slice(0, 19)}Z` : `${sec}`;
}
