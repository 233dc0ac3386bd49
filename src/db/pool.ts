/** Connections to Postgres: every wait is bounded, and a lost connection never ends the process. */
import pg from "pg";
import { SignpostError } from "../errors.js";
import { databaseError } from "./databaseError.js";
import { assertNoOptions, forgetStatementNames } from "./transactionPooling.js";

export type Pool = pg.Pool;

/** What stands between us and Postgres: nothing, or a pooler that lends a connection for one transaction. */
type Pooler = "none" | "transaction";

export interface PoolOptions {
  /** `postgresql://user:password@host:port/database?...`; a secret. */
  readonly url: string;
  /** Everything lives in this schema, which must exist; without it, in the first one of the user's search path. */
  readonly schema?: string;
  readonly pooler?: Pooler;
  readonly maxConnections?: number;
  /** How long to wait for a connection, a free one of the pool included. */
  readonly connectTimeoutMs?: number;
  /** How long one statement may take, the wait for a lock included. */
  readonly statementTimeoutMs?: number;
  /** Answers only what the server has written, also where its own default is otherwise; not behind a pooler. */
  readonly durable?: boolean;
  /** Shown by the server in pg_stat_activity. */
  readonly applicationName?: string;
  /** Told when an idle connection is lost. The next question opens a new one, so nothing need be done. */
  readonly onConnectionLost?: (error: SignpostError) => void;
}

/** Opens no connection yet. Throws INVALID_CONFIGURATION when the URL is not one. */
export function openPool(options: PoolOptions): Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  const { pooler = "none" } = options;
  const config: pg.PoolConfig = {
    connectionString: durableUrl(withSchema(options.url, options.schema), options),
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    // the server's time-out cannot fire when the server, or the way to it, is gone
    query_timeout: statementTimeoutMs + 500,
    ...(pooler === "none" && sessionLimits(statementTimeoutMs)),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    fallback_application_name: options.applicationName ?? "signpost",
  };
  parsed(config);
  if (pooler === "transaction") assertNoOptions(config.connectionString ?? "");
  const pool = new pg.Pool(config);
  if (pooler === "transaction") pool.on("connect", forgetStatementNames);
  // without a listener, a server that stops between two questions would end the process
  pool.on("error", (error) => {
    // `end` is over before the connections are: a server that stops then takes them away from nobody
    if (!pool.ending) options.onConnectionLost?.(databaseError(error));
  });
  // nor may one that is lost at the very moment in which it is handed out; its next statement fails by itself
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Sent when a connection begins. */
function sessionLimits(statementTimeoutMs: number): pg.PoolConfig {
  return {
    statement_timeout: statementTimeoutMs,
    // a process of ours that hangs inside a transaction must not keep a name locked
    idle_in_transaction_session_timeout: 30_000,
  };
}

function durableUrl(url: string, { durable = false, pooler = "none" }: PoolOptions): string {
  return durable && pooler === "none" ? withStartUpOption(url, "-c synchronous_commit=on") : url;
}

/** The same URL, with `schema` as the search path of every connection. */
export function withSchema(url: string, schema: string | undefined): string {
  if (schema === undefined) return url;
  // an SQL identifier, inside the start-up options, in which a backslash escapes spaces and itself
  const searchPath = pg.escapeIdentifier(schema).replace(/[\s\\]/g, "\\$&");
  return withStartUpOption(url, `-c search_path=${searchPath}`);
}

function withStartUpOption(url: string, option: string): string {
  const [, query] = url.split("?", 2);
  const given = new URLSearchParams(query).getAll("options").at(-1) ?? "";
  const options = encodeURIComponent(`${given} ${option}`.trim());
  // of a parameter that is given twice, the driver takes the last
  return `${url}${query === undefined ? "?" : "&"}options=${options}`;
}

/** Does not connect. Throws INVALID_CONFIGURATION when the URL is not one. */
function parsed(config: pg.ClientConfig): pg.Client {
  try {
    if (!/^postgres(ql)?:\/\//.test(config.connectionString ?? "")) throw new Error("scheme");
    return new pg.Client(config);
  } catch {
    // not passed on as the cause: it may quote the password
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "The database URL is not one. Set DATABASE_URL to postgresql://user:password@host:port/database, with special characters of the password percent-encoded.",
    );
  }
}

/** For people: which database on which host, and nothing secret. Throws INVALID_CONFIGURATION. */
export function placeOfDatabase(url: string): string {
  // what the URL leaves open, the driver takes from PGHOST and the like
  const { host, port, database = "", user = "" } = parsed({ connectionString: url });
  const name = database === "" ? user : database;
  return host.startsWith("/") ? `${name} at the socket in ${host}` : `${name} on ${host}:${port}`;
}
