/** The databases that lookups are asked of: the primary, and its hot standbys where there are any. */
import { isSignpostError } from "../errors.js";
import type { RecordSource } from "../registry/store.js";
import { databaseClockMs } from "./databaseClock.js";
import { isMigrated, type Tables } from "./migrate.js";
import { openPool, type Pool, type PoolOptions } from "./pool.js";
import { recordSource } from "./recordSource.js";
import { standbySource } from "./standbySource.js";
import { answerWithin } from "./timeLimit.js";

/** A lookup may have waited for its turn before (batchedLookup), and all of it has to be answered within 3 s. */
const LONGEST_STATEMENT_MS = 1_500;
const LONGEST_CONNECT_MS = 1_000;

export interface LookupDatabases {
  readonly records: RecordSource;
  /**
   * Asks each database what a lookup asks, and returns a sentence for each that does not answer while others do:
   * then lookups are answered. Throws DATABASE_UNAVAILABLE when none does.
   */
  readonly warnings: () => Promise<readonly string[]>;
  /** The connections to the primary, for metrics. */
  readonly primary: Pool;
  /** The primary's clock, in milliseconds of Unix time. Throws DATABASE_UNAVAILABLE. */
  readonly clockMs: () => Promise<number>;
  /** Whether a standby answers, and has the tables that this version reads. */
  canDoWithoutPrimary(): Promise<boolean>;
  close(): Promise<void>;
}

export interface LookupDatabaseOptions extends Omit<PoolOptions, "url"> {
  readonly primaryUrl: string;
  readonly standbyUrls: readonly string[];
  /** What a standby must have to answer. */
  readonly tables: () => Promise<Tables>;
  /** How long a question may take over all databases that it is asked of, in milliseconds. */
  readonly longestLookupMs: number;
  /** A clock, in milliseconds, that is never set back. */
  readonly nowMs: () => number;
}

/** Opens no connection yet. Throws INVALID_CONFIGURATION when a URL is not one. */
export function openLookupDatabases(options: LookupDatabaseOptions): LookupDatabases {
  const { primaryUrl, standbyUrls, tables, longestLookupMs, nowMs, ...poolOptions } = options;
  const open = (url: string) =>
    openPool({
      connectTimeoutMs: LONGEST_CONNECT_MS,
      statementTimeoutMs: LONGEST_STATEMENT_MS,
      applicationName: "signpost lookups",
      ...poolOptions,
      url,
    });
  const primary = open(primaryUrl);
  const standbys = standbyUrls.map(open);
  const canDoWithoutPrimary = async () => {
    for (const standby of standbys) if (await isUpToDate(standby, tables)) return true;
    return false;
  };
  const clockMs = () => databaseClockMs(primary);
  const close = async () => {
    await Promise.all([primary, ...standbys].map((pool) => pool.end()));
  };

  const onPrimary = recordSource(primary);
  const onStandbys = standbys.map((standby) => recordSource(standby));
  if (onStandbys.length === 0) {
    const warnings = async () => {
      await answerWithin(longestLookupMs, onPrimary.servedResolvers());
      return [];
    };
    return { records: onPrimary, primary, warnings, clockMs, canDoWithoutPrimary, close };
  }
  const records = standbySource([onPrimary, ...onStandbys], { longestLookupMs, nowMs });
  const warnings = async () =>
    (await records.check()).map(({ index, error }) => warningOf(index, error));
  return { records, primary, warnings, clockMs, canDoWithoutPrimary, close };
}

async function isUpToDate(standby: Pool, tables: () => Promise<Tables>): Promise<boolean> {
  try {
    return await isMigrated(standby, await tables());
  } catch (error) {
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return false;
    throw error;
  }
}

function warningOf(index: number, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return index === 0
    ? `The primary database is down: lookups are answered by a standby, which may be behind, and nothing can be written. ${reason}`
    : `Standby database ${index} of STANDBY_DATABASE_URLS is down: lookups do without it. ${reason}`;
}
