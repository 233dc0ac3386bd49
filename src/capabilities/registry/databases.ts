/**
 * The registry's connections. Lookups have some of their own, so that writers, who wait for one another, never take
 * those of lookups, which do not wait. So has the door, where API keys are looked up and limits are counted before
 * anything else is done. Only lookups know of standbys.
 */
import { type LookupDatabases, openLookupDatabases } from "../../db/lookupDatabases.js";
import { openPool, type Pool } from "../../db/pool.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { DatabaseParts, Parts } from "../../service/capability.js";
import { registryTables } from "./migrations.js";

/** Clients give up after 10 s, and probes earlier: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

/** What is asked at the door takes less than a millisecond. */
const DOOR_CONNECTIONS = 3;
const LONGEST_AT_DOOR_MS = 3_000;

const SOURCE_CONNECTIONS = 2;
/** A lookup waits for it. */
const LONGEST_KEEPING_MS = 1_000;

/** Of a mirror one is busy at a time. */
const MIRROR_CONNECTIONS = 2;

export interface RegistryDatabases {
  readonly lookups: LookupDatabases;
  readonly registry: Pool;
  readonly door: Pool;
  /** Keeps what was served from services' own data: a service with many new rows takes no connection of anybody else. */
  readonly sources: Pool;
  /** Takes in what other installations have: no connection of those who write here. */
  readonly mirrors: Pool;
  close(): Promise<void>;
}

/** Opens no connection yet. Throws INVALID_CONFIGURATION when a URL is not one. */
export function openDatabases(
  { url, standbyUrls, pooler }: DatabaseParts,
  reportFailure: Parts["reportFailure"],
): RegistryDatabases {
  const onConnectionLost = (error: SignpostError) => {
    reportFailure(error);
  };
  const lookups = openLookupDatabases({
    pooler,
    onConnectionLost,
    primaryUrl: url,
    standbyUrls,
    tables: registryTables,
    longestLookupMs: LONGEST_LOOKUP_MS,
    nowMs: () => performance.now(),
  });
  const registry = openPool({ pooler, onConnectionLost, url });
  const door = openPool({
    pooler,
    onConnectionLost,
    url,
    applicationName: "signpost door",
    maxConnections: DOOR_CONNECTIONS,
    connectTimeoutMs: LONGEST_AT_DOOR_MS,
    statementTimeoutMs: LONGEST_AT_DOOR_MS,
  });
  const sources = openPool({
    pooler,
    onConnectionLost,
    url,
    applicationName: "signpost sources",
    maxConnections: SOURCE_CONNECTIONS,
    connectTimeoutMs: LONGEST_KEEPING_MS,
    statementTimeoutMs: LONGEST_KEEPING_MS,
  });
  const mirrors = openPool({
    pooler,
    onConnectionLost,
    url,
    applicationName: "signpost mirrors",
    maxConnections: MIRROR_CONNECTIONS,
  });
  return {
    ...{ lookups, registry, door, sources, mirrors },
    close: async () => {
      await Promise.all([
        lookups.close(),
        ...[registry, door, sources, mirrors].map((pool) => pool.end()),
      ]);
    },
  };
}

/** While the primary is down, a standby that is up to date is enough. Throws DATABASE_UNAVAILABLE without one. */
export async function bringUpToDate(
  { migrate }: Pick<DatabaseParts, "migrate">,
  { lookups }: Pick<RegistryDatabases, "lookups">,
  reportFailure: Parts["reportFailure"],
): Promise<void> {
  try {
    await migrate();
  } catch (cause) {
    if (!isSignpostError(cause, "DATABASE_UNAVAILABLE")) throw cause;
    if (!(await lookups.canDoWithoutPrimary())) throw cause;
    reportFailure(
      new SignpostError(
        "DATABASE_UNAVAILABLE",
        `Started on a standby alone: lookups are answered, and nothing can be written until the primary is back. ${cause.message}`,
        {},
        { cause },
      ),
    );
  }
}
