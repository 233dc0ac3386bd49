/**
 * The connections of the service. Lookups have some of their own, so that writers, who wait for one another, never take
 * those of lookups, which do not wait. Only lookups know of standbys.
 */
import { type LookupDatabases, openLookupDatabases } from "../db/lookupDatabases.js";
import { migrate } from "../db/migrate.js";
import { openPool, type Pool, type Pooler } from "../db/pool.js";
import { isSignpostError, SignpostError } from "../errors.js";

/** Clients give up after 10 s, and probes earlier: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Hot standbys of that database, which answer lookups while it does not; none by default. */
  readonly standbyDatabaseUrls?: readonly string[];
  /** What all of these URLs lead to; by default to Postgres itself. */
  readonly pooler?: Pooler;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface ServiceDatabases {
  readonly lookups: LookupDatabases;
  readonly registry: Pool;
  close(): Promise<void>;
}

/** Opens no connection yet. Throws INVALID_CONFIGURATION when a URL is not one. */
export function openDatabases(options: DatabaseOptions): ServiceDatabases {
  const { databaseUrl, standbyDatabaseUrls = [], pooler, reportFailure } = options;
  const onConnectionLost = (error: SignpostError) => {
    reportFailure(error);
  };
  const common = { ...(pooler && { pooler }), onConnectionLost };
  const lookups = openLookupDatabases({
    ...common,
    primaryUrl: databaseUrl,
    standbyUrls: standbyDatabaseUrls,
    longestLookupMs: LONGEST_LOOKUP_MS,
    nowMs: () => performance.now(),
  });
  const registry = openPool({ ...common, url: databaseUrl });
  return {
    lookups,
    registry,
    close: async () => {
      await Promise.all([lookups.close(), registry.end()]);
    },
  };
}

/** While the primary is down, a standby that is up to date is enough. Throws DATABASE_UNAVAILABLE without one. */
export async function bringUpToDate(
  { registry, lookups }: ServiceDatabases,
  reportFailure: DatabaseOptions["reportFailure"],
): Promise<void> {
  try {
    await migrate(registry);
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
