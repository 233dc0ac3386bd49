/** GET /status. */
import { Router } from "express";
import { schemaVersions } from "../../db/migrate.js";
import { openPool } from "../../db/pool.js";
import { isSignpostError } from "../../errors.js";
import type { Statuses } from "../../http/shownError.js";
import type { Parts } from "../../service/capability.js";

/** Anybody may ask, so the database is asked once in this time, whoever asks. */
const FRESH_MS = 1_000;
const LONGEST_QUESTION_MS = 1_000;

/** That the database does not answer is a part of the answer. */
export const STATUS_ROUTE_STATUS: Statuses<"INVALID_CONFIGURATION"> = {
  INVALID_REQUEST: 400,
  TOO_LARGE: 413,
  INTERNAL: 500,
  INVALID_CONFIGURATION: 500,
};

export interface Status {
  readonly name: "signpost";
  readonly version: string;
  readonly capabilities: readonly {
    readonly name: string;
    readonly summary: string;
    /** Of its tables; null where it keeps nothing in Postgres. */
    readonly schema:
      | null
      /** The number of the newest migration; 0 before the first. */
      | { readonly status: "known"; readonly version: number }
      /** The database did not answer. */
      | { readonly status: "unavailable" };
  }[];
}

export function statusRoute({ version, capabilities, database, nowMs, reportFailure }: Parts) {
  const pool = openPool({
    url: database.url,
    pooler: database.pooler,
    maxConnections: 1,
    connectTimeoutMs: LONGEST_QUESTION_MS,
    statementTimeoutMs: LONGEST_QUESTION_MS,
    applicationName: "signpost status",
    onConnectionLost: (error) => {
      reportFailure(error);
    },
  });
  let reading: { readonly versions: ReturnType<typeof read>; readonly atMs: number } | undefined;

  /** Null while the database does not answer. */
  async function read(): Promise<ReadonlyMap<string, number> | null> {
    try {
      return await schemaVersions(pool);
    } catch (error) {
      if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return null;
      throw error;
    }
  }

  async function status(): Promise<Status> {
    const ageMs = reading === undefined ? FRESH_MS : nowMs() - reading.atMs;
    // below zero when the clock was set back: then the age is not known
    if (reading === undefined || ageMs < 0 || ageMs >= FRESH_MS) {
      reading = { versions: read(), atMs: nowMs() };
    }
    const versions = await reading.versions;
    return {
      name: "signpost",
      version,
      capabilities: capabilities.map(({ name, summary, migrations }) => ({
        name,
        summary,
        schema:
          migrations === null
            ? null
            : versions === null
              ? { status: "unavailable" }
              : { status: "known", version: versions.get(name) ?? 0 },
      })),
    };
  }

  return {
    handler: Router().get("/", async (_request, response) => {
      response.setHeader("cache-control", "no-store");
      response.json(await status());
    }),
    close: () => pool.end(),
  };
}
