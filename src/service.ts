/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import { type RequestListener, type Server, createServer } from "node:http";
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

/** Requests take milliseconds; one that is still under way after this is one whose client stopped sending. */
const LONGEST_STOP_MS = 10_000;

/** Clients give up after 10 s: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

/** Each may hold a request body of up to 1 MiB. */
const MOST_CONNECTIONS = 2_000;

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
    const server = await listen(createHttpServer(createApp(pools, options)), options);
    server.on("error", (error) => {
      options.reportFailure(
        new SignpostError("INTERNAL", "The HTTP server failed.", {}, { cause: error }),
      );
    });
    let stopping: Promise<void> | undefined;
    const { address, family, port } = server.address() as AddressInfo;
    return {
      url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
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

async function stop(server: Server, pools: Pools): Promise<void> {
  await closed(server);
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

/** Slow and silent clients cost memory: what is not sent in time is cut off. */
function createHttpServer(app: RequestListener): Server {
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    app,
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function closed(server: Server): Promise<void> {
  // a connection that is kept alive would take the next request, and the server would never close
  server.prependListener("request", (_request, response) => {
    response.setHeader("connection", "close");
  });
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const late = setTimeout(() => {
    server.closeAllConnections();
  }, LONGEST_STOP_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
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
