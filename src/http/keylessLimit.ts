/** How many requests without an API key are taken: few of each stranger, so that none uses up what all of them have. */
import type { RequestHandler, Response } from "express";
import { SignpostError } from "../errors.js";
import type { Clock } from "../registry/changeName.js";
import { type ClientAddress, networkOf } from "./clientAddress.js";
import { rateLimits } from "./rateLimits.js";

/** Of all strangers together: a bound on what they can make this process do. */
const ALL_PER_MINUTE = 6_000;
const EACH_PER_MINUTE = 600;
/** Beyond it those that asked longest ago are forgotten; the bound for all still holds. */
const MOST_NETWORKS = 50_000;

export function keylessLimit(clientAddress: ClientAddress, nowMs: Clock): RequestHandler {
  const all = rateLimits(nowMs);
  const each = rateLimits(nowMs, MOST_NETWORKS);
  return (request, response, next) => {
    const network = networkOf(clientAddress(request));
    // first, because what is refused here takes nothing from the others
    if (network !== null) {
      assertWithin(response, each.take(network, EACH_PER_MINUTE, 60, 1), EACH_PER_MINUTE);
    }
    assertWithin(response, all.take("", ALL_PER_MINUTE, 60, 1), ALL_PER_MINUTE);
    next();
  };
}

/** Throws LIMIT_EXCEEDED, and says in Retry-After when to come back, unless there is nothing to wait for. */
export function assertWithin(
  response: Response,
  retryAfterSec: number | null,
  limit: number,
): void {
  if (retryAfterSec === null) return;
  response.setHeader("retry-after", String(retryAfterSec));
  throw new SignpostError(
    "LIMIT_EXCEEDED",
    `That is more than the limit of ${limit}; wait ${retryAfterSec} seconds, or send less at once.`,
    { limit, retryAfterSec },
  );
}
