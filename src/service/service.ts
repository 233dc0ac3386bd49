/** The service: the capabilities of one process behind one port, added up. */
import type { Server } from "node:http";
import type { Registry } from "prom-client";
import { migrate } from "../db/migrate.js";
import { readMigrations } from "../db/migrationFiles.js";
import { openPool } from "../db/pool.js";
import { sealedRowsHere } from "../db/sealing/sealedRows.js";
import { SignpostError } from "../errors.js";
import type { AnsweredRequest } from "../http/accessLog.js";
import { clientAddressBehind, type TrustedProxies } from "../http/clientAddress.js";
import { isFromThisMachine } from "../http/metricsListener.js";
import { type Readiness, together } from "../http/readiness.js";
import type { ReportFailure } from "../http/refuse.js";
import { startServer, stopServer, urlOf } from "../http/server.js";
import { VERSION } from "../installation/version.js";
import type { Tracing } from "../observe/tracing.js";
import type { Secrets } from "../sealing/secrets.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import type { Capability, Findings, Parts, RunningCapability } from "./capability.js";
import { createListener } from "./listener.js";
import { createObservation, type Observation } from "./observation.js";
import { type OpenSecrets, openSecrets } from "./openSecrets.js";

/** A capability with its settings, ready to start. */
export interface Startable<Running extends RunningCapability = RunningCapability> {
  readonly capability: Pick<Capability, "name" | "summary" | "migrations" | "sealedColumns">;
  readonly start: (parts: Parts) => Promise<Running>;
}

export interface ServiceOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where /metrics is alone; otherwise it is beside everything else, for this machine only. */
  readonly metricsAt?: { readonly host: string; readonly port: number } | null;
  readonly database: Pick<Parts["database"], "url" | "standbyUrls" | "pooler">;
  /** The operator's keys for secrets at rest; none by default, and then nothing can be sealed. */
  readonly wrappingKeys?: WrappingKeyLocations;
  /** RPC nodes by chain id; none by default. */
  readonly chainRpcUrls?: ReadonlyMap<bigint, string>;
  /** Proxies whose X-Forwarded-For header is trusted; none by default. */
  readonly trustedProxies?: TrustedProxies;
  readonly reportFailure: ReportFailure;
  /** Told of each request that is no lookup. */
  readonly noteRequest?: (answered: AnsweredRequest) => void;
  /** Whether lookups are noted as well, which costs more than answering one. */
  readonly noteLookups?: boolean;
  /** From this process's metrics to what a scrape gets; by default they are all that there is. */
  readonly metricsText?: (own: Registry) => () => Promise<string>;
  readonly tracing?: Tracing | null;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs?: () => number;
}

export interface Service {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Where its metrics are read. */
  readonly metricsUrl: string;
  /** Whether all of it can answer, as /health/ready tells it. */
  readonly readiness: Readiness;
  readonly findings: () => Promise<Findings>;
  /** What SIGHUP does. */
  readonly reload: (tell: (line: string) => void) => Promise<void>;
  /**
   * Takes no new connection, finishes the requests under way (within 10 s), then stops the capabilities; asked twice,
   * does it once.
   */
  stop(): Promise<void>;
}

const NO_WRAPPING_KEYS: WrappingKeyLocations = { key: null, formerKeys: [] };

/**
 * Starts the capabilities one after the other, then listens. Throws what keeps one of them from serving
 * (DATABASE_UNAVAILABLE, say), and INVALID_CONFIGURATION when the address cannot be listened on.
 */
export async function startService(
  startables: readonly Startable[],
  options: ServiceOptions,
): Promise<Service> {
  const { reportFailure, metricsAt = null, noteLookups = false, trustedProxies = [] } = options;
  const running: RunningCapability[] = [];
  const servers: Server[] = [];
  let secrets: OpenSecrets | undefined;
  const stop = async () => {
    await Promise.all(servers.map(stopServer));
    await Promise.all(running.map((capability) => capability.stop()));
    await secrets?.close();
  };
  try {
    const capabilities = startables.map(({ capability }) => capability);
    const { wrappingKeys = NO_WRAPPING_KEYS } = options;
    secrets = await openSecrets(capabilities, options.database, wrappingKeys);
    for (const { capability, start } of startables) {
      const parts = partsOf(capability, capabilities, secrets.of(capability), options);
      running.push(await start(parts));
    }
    const readiness: Readiness = async () =>
      together(await Promise.all(running.map((capability) => capability.readiness())));
    const routes = running.flatMap((capability) => capability.routes);
    const observation = observe(running, readiness, options);
    const listener = createListener({
      routes,
      readiness,
      metrics: metricsAt === null ? observation.metrics(isFromThisMachine) : null,
      observation,
      clientAddress: clientAddressBehind(trustedProxies),
      reportFailure,
      noteLookups,
    });
    const server = await startServer(listener, options);
    servers.push(server);
    const metricsServer = await startMetricsServer(observation, options);
    if (metricsServer) servers.push(metricsServer);
    const url = urlOf(server);
    let stopping: Promise<void> | undefined;
    return {
      url,
      metricsUrl: `${urlOf(metricsServer ?? server)}/metrics`,
      readiness,
      findings: async () => {
        const found = await Promise.all(running.map((capability) => capability.findings(url)));
        return {
          lines: found.flatMap(({ lines }) => lines),
          warnings: found.flatMap(({ warnings }) => warnings),
        };
      },
      reload: async (tell) => {
        for (const { reload } of running) await reload?.(tell);
      },
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function partsOf(
  capability: Startable["capability"],
  capabilities: Parts["capabilities"],
  secrets: Secrets,
  options: ServiceOptions,
): Parts {
  const { database, chainRpcUrls = new Map<bigint, string>(), trustedProxies = [] } = options;
  const { reportFailure, nowMs = Date.now, tracing = null } = options;
  return {
    version: VERSION,
    database: { ...database, migrate: () => migrateTables(capability, database) },
    secrets,
    chainRpcUrls,
    trustedProxies,
    nowMs,
    reportFailure,
    tracing,
    capabilities,
  };
}

async function migrateTables(
  { name, migrations, sealedColumns }: Startable["capability"],
  { url, pooler }: ServiceOptions["database"],
): Promise<{ schema: string }> {
  if (migrations === null) {
    throw new SignpostError("INTERNAL", `The capability ${name} has no tables to migrate.`);
  }
  const pool = openPool({ url, pooler, maxConnections: 1 });
  try {
    const tables = { capability: name, migrations: await readMigrations(migrations) };
    const migrated = await migrate(pool, tables);
    // before there are secrets, and not only when the first rotation would lose them
    for (const rows of await sealedRowsHere(pool, sealedColumns)) await rows.assertGuarded();
    return migrated;
  } finally {
    await pool.end();
  }
}

function observe(
  running: readonly RunningCapability[],
  readiness: Readiness,
  options: ServiceOptions,
): Observation {
  const { reportFailure, noteRequest = () => undefined, tracing = null } = options;
  const { metricsText = (own: Registry) => () => own.metrics() } = options;
  const apiPaths = running
    .flatMap(({ routes }) => routes)
    .flatMap((route) => (route.kind === "handler" && route.isApi ? [`${route.path}/`] : []));
  const observation = createObservation(
    {
      version: VERSION,
      isReady: async () => (await readiness()).reasons.length === 0,
      reportFailure,
      noteRequest,
      tracing,
      metricsText,
    },
    (path) => apiPaths.some((apiPath) => path.startsWith(apiPath)),
  );
  for (const capability of running) capability.metrics(observation.publish);
  return observation;
}

/** Null when metrics have no port of their own. Throws INVALID_CONFIGURATION when it cannot be listened on. */
async function startMetricsServer(
  observation: Observation,
  { metricsAt = null, reportFailure }: ServiceOptions,
): Promise<Server | null> {
  if (metricsAt === null) return null;
  const metrics = observation.metrics(() => true);
  return startServer(
    (request, response) => {
      if (!metrics(request, response)) response.writeHead(404).end();
    },
    { ...metricsAt, reportFailure },
  );
}
