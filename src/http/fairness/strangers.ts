/** How many requests without an API key are taken: few of each stranger, so that none uses up what all of them have. */
import type { IncomingMessage } from "node:http";
import type { Limits } from "../../registry/access/limits.js";
import type { Clock } from "../../registry/changes/clock.js";
import { announcedBytes } from "../body/readJson.js";
import type { ClientNetwork } from "../clientAddress.js";
import type { ApiShares } from "./apiShares.js";
import { assertWithin } from "./assertWithin.js";
import { rateLimits } from "./rateLimits.js";
import type { Tenant } from "./shares.js";

/**
 * Of all strangers together: a bound on what they can make this installation do. What they read and what they send are
 * bounded apart: else a flood of questions from many networks would keep every wallet from signing.
 */
const ALL_PER_MINUTE = 6_000;
const EACH_PER_MINUTE = 600;
/** And a day, because histories keep for ever what was signed. */
const EACH_PER_DAY = 20_000;
const OF_EACH_MINUTE = {
  limit: EACH_PER_MINUTE,
  of: "requests a minute without an API key from one network",
};
const OF_EACH_DAY = {
  limit: EACH_PER_DAY,
  of: "requests a day without an API key from one network",
};
const OF_ALL_READS = {
  limit: ALL_PER_MINUTE,
  of: "reading requests a minute without an API key, which all networks share",
};
const OF_ALL_WRITES = {
  limit: ALL_PER_MINUTE,
  of: "writing requests a minute without an API key, which all networks share",
};
const OF_KEY_TRIES = {
  limit: EACH_PER_MINUTE,
  of: "requests a minute from one network with API keys that open nothing",
};
/** A body counts as one request more for each of these that it has. */
const UNIT_BYTES = 8 * 1024;
/** Of a body that does not say how long it is: the longest that is read. */
const LONGEST_BODY_BYTES = 1024 * 1024;
/** Beyond it those that asked longest ago are forgotten; the bound for all still holds. */
const MOST_NETWORKS = 50_000;

export interface Strangers {
  /**
   * Counts a request before anything of it is read. Throws LIMIT_EXCEEDED.
   * @param isOfWriting whether it counts as writing, though it reads
   */
  count(request: IncomingMessage, isOfWriting?: boolean): Promise<void>;
  /** Counts a try with an API key that never opened anything here. Throws LIMIT_EXCEEDED. */
  countKeyTry(request: IncomingMessage): void;
  /** All strangers share what one domain has; among them, each network has its turn. */
  tenantOf(request: IncomingMessage): Tenant;
}

export function strangersFrom(
  networkOf: ClientNetwork,
  limits: Limits,
  { atDoor }: Pick<ApiShares, "atDoor">,
  nowMs: Clock,
): Strangers {
  // each process refuses by itself what is too much for one already, without a question to anybody
  const own = rateLimits(nowMs, MOST_NETWORKS);
  const keyTries = rateLimits(nowMs, MOST_NETWORKS);

  const tenantOf = (network: string | null): Tenant => ({ group: "", member: network ?? "" });

  async function countForAll(
    network: string | null,
    units: number,
    isRead: boolean,
  ): Promise<void> {
    // first, because what is refused here takes nothing from the others
    if (network !== null) {
      const minute = await limits.take(`${network}/minute`, EACH_PER_MINUTE, 60, units);
      assertWithin(minute, OF_EACH_MINUTE);
      // only then, so that what the minute refuses takes nothing from the day
      const day = await limits.take(`${network}/day`, EACH_PER_DAY, 86_400, units);
      assertWithin(day, OF_EACH_DAY);
    }
    const bucket = isRead ? "strangers reading" : "strangers";
    const all = await limits.take(bucket, ALL_PER_MINUTE, 60, units);
    assertWithin(all, isRead ? OF_ALL_READS : OF_ALL_WRITES);
  }

  return {
    async count(request, isOfWriting = false) {
      const units = unitsOf(request);
      const network = networkOf(request);
      if (network !== null) {
        assertWithin(own.take(network, EACH_PER_MINUTE, 60, units), OF_EACH_MINUTE);
      }
      await atDoor(tenantOf(network), () =>
        countForAll(network, units, !isOfWriting && reads(request)),
      );
    },
    countKeyTry(request) {
      const network = networkOf(request);
      if (network !== null) {
        assertWithin(keyTries.take(network, EACH_PER_MINUTE, 60, 1), OF_KEY_TRIES);
      }
    },
    tenantOf: (request) => tenantOf(networkOf(request)),
  };
}

const reads = ({ method }: IncomingMessage) => method === "GET" || method === "HEAD";

function unitsOf(request: IncomingMessage): number {
  if (reads(request)) return 1;
  const length = Math.min(announcedBytes(request, LONGEST_BODY_BYTES), LONGEST_BODY_BYTES);
  return 1 + Math.floor(length / UNIT_BYTES);
}
