/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { domainStore } from "./db/domainStore.js";
import { migrate } from "./db/migrate.js";
import { nameStore } from "./db/nameStore.js";
import { type Pool, openPool } from "./db/pool.js";
import { recordSource } from "./db/recordSource.js";
import { SignpostError } from "./errors.js";
import { createGateway } from "./gateway/gateway.js";
import type { GatewaySigner } from "./gateway/gatewaySigner.js";
import { createHttpApp } from "./http/app.js";
import type { DomainStore, NameStore, RecordSource } from "./registry/store.js";

export interface ServiceOptions {
  readonly databaseUrl: string;
  readonly signer: GatewaySigner;
  /** How long an answer is valid, in seconds. */
  readonly validitySec: number;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Gets what went wrong on our side; a client's mistakes are told to the client only. */
  readonly reportFailure: (error: SignpostError) => void;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs?: () => number;
}

export interface Service {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly names: NameStore;
  readonly domains: DomainStore;
  readonly records: RecordSource;
  /** Takes no new request, finishes those under way, closes the connections to the database; asked twice, does it once. */
  stop(): Promise<void>;
}

/**
 * Brings the database up to date and starts to listen. Throws DATABASE_UNAVAILABLE, or INVALID_CONFIGURATION
 * when the address cannot be listened on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const pool = openPool({ url: options.databaseUrl, onConnectionLost: options.reportFailure });
  try {
    await migrate(pool);
    const server = await listen(createServer(createApp(pool, options)), options);
    let stopping: Promise<void> | undefined;
    const { address, family, port } = server.address() as AddressInfo;
    return {
      url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
      names: nameStore(pool),
      domains: domainStore(pool),
      records: recordSource(pool),
      stop: () => (stopping ??= stop(server, pool)),
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function createApp(pool: Pool, options: ServiceOptions) {
  const { signer, validitySec, reportFailure, nowMs = Date.now } = options;
  const records = recordSource(pool);
  return createHttpApp({
    gateway: createGateway({ records, signer, validitySec, nowMs }),
    registry: { names: nameStore(pool), domains: domainStore(pool) },
    // the same read as a lookup's: what it needs is what readiness has to show
    readiness: async () => {
      await records.servedResolvers();
    },
    reportFailure,
  });
}

function listen(server: Server, { host, port }: ServiceOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(
        new SignpostError(
          "INVALID_CONFIGURATION",
          `Cannot listen on ${host}:${port} (${error.message}); set HOST and PORT to a free address of this machine.`,
        ),
      );
    });
    server.listen(port, host, () => {
      resolve(server);
    });
  });
}

async function stop(server: Server, pool: Pool): Promise<void> {
  await closed(server);
  await pool.end();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
}
