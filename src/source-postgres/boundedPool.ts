/** A few connections of its own to a service's Postgres. */
import type { LookupFunction } from "node:net";
import { checkServerIdentity } from "node:tls";
import pg from "pg";
import type { DomainSource } from "../registry/domains/domain.js";
import type { PostgresSettings } from "../registry/sources/postgresSettings.js";
import { BoundedClient, GuardedSocket } from "./boundedClient.js";

export interface Access extends DomainSource {
  readonly settings: PostgresSettings;
  readonly password: string;
  /** Tells only addresses that may be connected to; FORBIDDEN_ADDRESS otherwise. */
  readonly lookup: LookupFunction;
}

export interface SourcePoolLimits {
  readonly connections: number;
  /** Of a connection, and of a statement. */
  readonly longestMs: number;
}

/**
 * Opens no connection yet.
 * @param options for the start of each connection; null: none, as poolers want it
 */
export function boundedPool(
  { settings, password, lookup }: Access,
  { connections, longestMs }: SourcePoolLimits,
  options: string | null,
): pg.Pool {
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
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: "signpost source",
    options: options ?? "",
  });
  // without listeners, a connection that is lost would end the process; the next question opens a new one
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
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
