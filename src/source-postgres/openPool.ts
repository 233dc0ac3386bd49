/** A few connections of its own to a service's Postgres, every wait on them bounded. */
import type { LookupFunction } from "node:net";
import { checkServerIdentity } from "node:tls";
import pg from "pg";
import type { DomainSource } from "../registry/domains/domain.js";
import type { PostgresSettings } from "../registry/sources/postgresSettings.js";
import { BoundedClient, GuardedSocket } from "./boundedClient.js";
import { sourceError } from "./sourceError.js";

export interface Access extends DomainSource {
  readonly settings: PostgresSettings;
  readonly password: string;
  /** Tells only addresses that may be connected to; FORBIDDEN_ADDRESS otherwise. */
  readonly lookup: LookupFunction;
}

interface Question {
  /** By which each connection keeps its plan. */
  readonly name?: string;
  readonly text: string;
}

export interface SourcePool {
  /** Rows as arrays, in the order of the statement's columns: no name of a column is in the way. Throws SOURCE_UNAVAILABLE. */
  ask<Row extends readonly unknown[]>(
    question: Question,
    values: readonly unknown[],
  ): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export interface SourcePoolLimits {
  readonly connections: number;
  /** Of a connection, and of a statement. */
  readonly longestMs: number;
}

/** The server's own time-out comes first where the server still answers. */
const GRACE_MS = 200;

/** Opens no connection yet. */
export function openPool(access: Access, { connections, longestMs }: SourcePoolLimits): SourcePool {
  const { settings, password, lookup } = access;
  const { host, port, database, user } = settings;
  const pool = new pg.Pool({
    Client: BoundedClient,
    ...{ host, port, database, user },
    // a function, because for an empty text the driver would take one from the environment, or from a file
    password: () => password,
    ssl: tlsOf(settings),
    stream: () => new GuardedSocket(lookup),
    max: connections,
    connectionTimeoutMillis: longestMs,
    query_timeout: longestMs + GRACE_MS,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: "signpost source",
    // bytes in hex, whatever the server's default is
    options: `-c default_transaction_read_only=on -c statement_timeout=${longestMs} -c bytea_output=hex`,
  });
  // without listeners, a connection that is lost would end the process; the next question opens a new one
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  // behind a pooler that lends a connection for each transaction, no plan is where it was left
  let mayKeepPlans = true;

  async function askOnce<Row extends readonly unknown[]>(
    { name, text }: Question,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const client = await pool.connect();
    let isReusable = false;
    try {
      if (client instanceof BoundedClient) client.beginAnswer();
      const { rows } = await client.query<Row[]>({
        ...{ text, values: [...values], rowMode: "array" },
        ...(name !== undefined && mayKeepPlans && { name }),
      } as pg.QueryArrayConfig);
      isReusable = true;
      return rows as unknown as readonly Row[];
    } finally {
      // one that took too long may still be at work
      client.release(!isReusable);
    }
  }

  return {
    ask: async <Row extends readonly unknown[]>(question: Question, values: readonly unknown[]) => {
      try {
        return await askOnce<Row>(question, values).catch((error: unknown) => {
          if (!isLostPlan(error)) throw error;
          mayKeepPlans = false;
          return askOnce<Row>(question, values);
        });
      } catch (error) {
        throw sourceError(access, error);
      }
    },
    close: () => pool.end(),
  };
}

function tlsOf({ tls, host, certificates }: PostgresSettings) {
  if (tls === "off") return false;
  return {
    rejectUnauthorized: true,
    ...(certificates !== null && { ca: certificates }),
    // the driver does not tell TLS of a host that is an address
    checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(host, certificate),
  };
}

/** The prepared statement is not there, is there already, or its result changed with the table. */
function isLostPlan(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && ["26000", "42P05", "0A000"].includes(error.code ?? "")
  );
}
