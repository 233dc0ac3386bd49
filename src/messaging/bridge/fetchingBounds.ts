/**
 * How much is fetched, and how slowly. A name costs nothing, so what all of a sender's ENS domain had counts as well, and what came from
 * one host.
 */
import type { NormalName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { domainOfSender } from "../../relay/senderDomain.js";
import type { BridgeParts } from "./bridgeParts.js";

/** On whose account something is fetched. */
export interface FetchedFor {
  readonly from: NormalName;
  /** `domainOfSender` of it. */
  readonly domain: string;
  readonly hosts: readonly string[];
}

type Counter = BridgeParts["counter"];

const GIGABYTE = 1_000_000_000;
/** In bytes, a day. */
const MOST_A_DAY = { ofSender: GIGABYTE, ofDomain: 4 * GIGABYTE, ofHost: 10 * GIGABYTE };
const DAY_SEC = 86_400;
/** Fetches that failed slowly, an hour. */
const MOST_SLOW = { ofDomain: 10, ofHost: 3 };
const HOUR_SEC = 3_600;
const SLOW_MS = 5_000;

/** For all pieces together: what a slow host needs to answer, and then at least half a megabyte a second. */
const FIRST_MS = 15_000;
const BYTES_IN_A_MS = 500;

export const longestMs = (size: number): number => FIRST_MS + Math.ceil(size / BYTES_IN_A_MS);

/** @param urls of the pieces */
export function fetchedFor(from: NormalName, urls: readonly string[]): FetchedFor {
  const hosts = [...new Set(urls.map((url) => new URL(url).host))];
  return { from, domain: domainOfSender(from), hosts };
}

interface Bound {
  readonly bucket: string;
  readonly limit: number;
  readonly periodSec: number;
  readonly reason: string;
}

/**
 * Does `work` where the bounds allow it. What was not fetched is not counted.
 * @param begun how many bytes were begun to be fetched
 * @throws UNREACHABLE with `retryAfterSec`, and what `work` throws
 */
export async function withinBounds<Result>(
  { counter, nowMs }: Pick<BridgeParts, "counter" | "nowMs">,
  whose: FetchedFor,
  size: number,
  begun: () => number,
  work: () => Promise<Result>,
): Promise<Result> {
  const slow = slowBounds(whose);
  const bytes = byteBounds(whose);
  takeAll(counter, slow, 1);
  try {
    takeAll(counter, bytes, size);
  } catch (error) {
    giveBack(counter, slow, 1);
    throw error;
  }
  const startMs = nowMs();
  let isSlow = true;
  try {
    const result = await work();
    isSlow = false;
    return result;
  } catch (error) {
    isSlow = nowMs() - startMs >= SLOW_MS;
    throw error;
  } finally {
    if (!isSlow) giveBack(counter, slow, 1);
    giveBack(counter, bytes, size - begun());
  }
}

function slowBounds({ domain, hosts }: FetchedFor): readonly Bound[] {
  const bound = (who: string, limit: number): Bound => ({
    ...{ bucket: `slow fetches of ${who}`, limit, periodSec: HOUR_SEC },
    reason: `fetching was slow and failed too often for ${who}`,
  });
  return [
    ...hosts.map((host) => bound(`host ${host}`, MOST_SLOW.ofHost)),
    bound(domain, MOST_SLOW.ofDomain),
  ];
}

function byteBounds({ from, domain, hosts }: FetchedFor): readonly Bound[] {
  const bound = (who: string, limit: number): Bound => ({
    ...{ bucket: `fetched for ${who}`, limit, periodSec: DAY_SEC },
    reason: `${who} had ${limit} bytes carried today`,
  });
  return [
    bound(from, MOST_A_DAY.ofSender),
    bound(domain, MOST_A_DAY.ofDomain),
    ...hosts.map((host) => bound(`host ${host}`, MOST_A_DAY.ofHost)),
  ];
}

/** All, or none. */
function takeAll(counter: Counter, bounds: readonly Bound[], count: number): void {
  const taken: Bound[] = [];
  for (const bound of bounds) {
    const { bucket, limit, periodSec, reason } = bound;
    const retryAfterSec = counter.take(bucket, limit, periodSec, count);
    if (retryAfterSec !== null) {
      giveBack(counter, taken, count);
      throw unreachable(reason, retryAfterSec);
    }
    taken.push(bound);
  }
}

function giveBack(counter: Counter, bounds: readonly Bound[], count: number): void {
  for (const { bucket } of bounds) counter.giveBack(bucket, count);
}

export function unreachable(reason: string, retryAfterSec?: number): SignpostError {
  return new SignpostError("UNREACHABLE", `A large message waits: ${reason}.`, {
    reason,
    ...(retryAfterSec !== undefined && { retryAfterSec }),
  });
}
