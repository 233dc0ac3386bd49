/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import type { Server } from "node:http";
import { domainStore } from "./db/domainStore.js";
import { migrate } from "./db/migrate.js";
import { nameStore } from "./db/nameStore.js";
import { type Pool, openPool } from "./db/pool.js";
import { recordSource } from "./db/recordSource.js";
import { SignpostError } from "./errors.js";
import { createGateway } from "./gateway/gateway.js";
import type { GatewaySigner } from "./gateway/gatewaySigner.js";
import { createHttpApp } from "./http/app.js";
import { startServer, stopServer, urlOf } from "./http/server.js";
import type { DomainStore, NameStore, RecordSource } from "./registry/store.js";

/** Clients give up after 10 s: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

/** Probes give up after a few seconds; by then they should have an answer, not silence. */
const READY_TIMEOUT_MS = 2_000;

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
  /**
   * Takes no new connection, finishes the requests under way (within 10 s), closes the connections to the
   * database; asked twice, does it once.
   */
  stop(): Promise<void>;
}

/**
 * Brings the database up to date and starts to listen. Throws DATABASE_UNAVAILABLE, or INVALID_CONFIGURATION
 * when the address cannot be listened on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const pools = openPools(options);
  try {
    await migrate(pools.registry);
    const server = await startServer(createApp(pools, options), options);
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(server),
      names: nameStore(pools.registry),
      domains: domainStore(pools.registry),
      records: recordSource(pools.lookups),
      stop: () => (stopping ??= stop(server, pools)),
    };
  } catch (error) {
    await closePools(pools);
    throw error;
  }
}

function createApp({ lookups, registry }: Pools, options: ServiceOptions) {
  const { signer, validitySec, reportFailure, nowMs = Date.now } = options;
  const records = recordSource(lookups);
  return createHttpApp({
    gateway: createGateway({ records, signer, validitySec, nowMs }),
    registry: { names: nameStore(registry), domains: domainStore(registry) },
    // the same read as a lookup's: what it needs is what readiness has to show
    readiness: async () => {
      await within(READY_TIMEOUT_MS, records.servedResolvers());
    },
    reportFailure,
  });
}

async function stop(server: Server, pools: Pools): Promise<void> {
  await stopServer(server);
  await closePools(pools);
}

/** Two, so that writers, who wait for one another, never take the connections of lookups, which do not wait. */
interface Pools {
  readonly lookups: Pool;
  readonly registry: Pool;
}

function openPools({ databaseUrl: url, reportFailure: onConnectionLost }: ServiceOptions): Pools {
  return {
    lookups: openPool({
      url,
      onConnectionLost,
      connectTimeoutMs: LONGEST_LOOKUP_MS,
      statementTimeoutMs: LONGEST_LOOKUP_MS,
      applicationName: "signpost lookups",
    }),
    registry: openPool({ url, onConnectionLost }),
  };
}

async function closePools({ lookups, registry }: Pools): Promise<void> {
  await Promise.all([lookups.end(), registry.end()]);
}

/** Throws DATABASE_UNAVAILABLE when `answer` takes too long; what it comes to later is nobody's business. */
async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  const tooLate = new SignpostError(
    "DATABASE_UNAVAILABLE",
    `The database did not answer within ${timeoutMs} ms; look for load and locks.`,
  );
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(tooLate);
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
