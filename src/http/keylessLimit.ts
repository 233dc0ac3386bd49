/** How many requests without an API key are taken: few of each stranger, so that none uses up what all of them have. */
import type { Request, RequestHandler, Response } from "express";
import { SignpostError } from "../errors.js";
import type { Clock } from "../registry/changes/clock.js";
import { clientAddressBehind, networkOf, type TrustedProxies } from "./clientAddress.js";
import { rateLimits } from "./rateLimits.js";

/** Of all strangers together: a bound on what they can make this process do. */
const ALL_PER_MINUTE = 6_000;
const EACH_PER_MINUTE = 600;
/** And a day, because histories keep for ever what was signed. */
const EACH_PER_DAY = 20_000;
/** A body counts as one request more for each of these that it has. */
const UNIT_BYTES = 8 * 1024;
/** Of a body that does not say how long it is: the longest that is read. */
const LONGEST_BODY_BYTES = 1024 * 1024;
/** Beyond it those that asked longest ago are forgotten; the bound for all still holds. */
const MOST_NETWORKS = 50_000;

export function keylessLimit(proxies: TrustedProxies, nowMs: Clock): RequestHandler {
  const clientAddress = clientAddressBehind(proxies);
  const all = rateLimits(nowMs);
  const each = rateLimits(nowMs, MOST_NETWORKS);
  return (request, response, next) => {
    const network = networkOf(clientAddress(request), proxies);
    const units = unitsOf(request);
    // first, because what is refused here takes nothing from the others
    if (network !== null) {
      const day = `${network} a day`;
      assertWithin(response, each.take(network, EACH_PER_MINUTE, 60, units), EACH_PER_MINUTE);
      assertWithin(response, each.take(day, EACH_PER_DAY, 86_400, units), EACH_PER_DAY);
    }
    assertWithin(response, all.take("", ALL_PER_MINUTE, 60, units), ALL_PER_MINUTE);
    next();
  };
}

function unitsOf({ method, headers }: Request): number {
  if (method === "GET") return 1;
  const length = Number(headers["content-length"] ?? LONGEST_BODY_BYTES);
  return 1 + Math.floor(Math.min(length, LONGEST_BODY_BYTES) / UNIT_BYTES);
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
