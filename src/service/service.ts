/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import type { Server } from "node:http";
import type { Registry } from "prom-client";
import { contractWalletsOn } from "../chain/askContractWallets.js";
import { domainStore } from "../db/domainStore.js";
import { nameStore } from "../db/nameStore.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import { type SwitchableSigner, switchableSigner } from "../gateway/switchableSigner.js";
import { type Health, startHealth } from "../health/health.js";
import type { AnsweredRequest } from "../http/accessLog.js";
import type { Readiness } from "../http/healthRoutes.js";
import { startServer, stopServer, urlOf } from "../http/server.js";
import { loadEngines } from "../native/engines.js";
import type { Tracing } from "../observe/tracing.js";
import type { RecordSource, RegistryStores } from "../registry/store.js";
import { createLookups, invalidating,type LookupOptions } from "./lookups.js";
import {
  createObservation,
  type Observation,
  type ObservationOptions,
  poolSample,
} from "./observation.js";
import {
  bringUpToDate,
  type DatabaseOptions,
  openDatabases,
  type ServiceDatabases,
} from "./serviceDatabases.js";
import { createListener, startMetricsServer, type SurfaceOptions } from "./surfaces.js";

export interface ServiceOptions extends LookupOptions, SurfaceOptions, DatabaseOptions {
  readonly signer: GatewaySigner;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly reportFailure: SurfaceOptions["reportFailure"];
  /** RPC nodes by chain id: do the resolvers there take our answers, and the contract wallets a signature? */
  readonly chainRpcUrls?: ReadonlyMap<bigint, string>;
  /** From this process's metrics to what a scrape gets; by default they are all that there is. */
  readonly metricsText?: (own: Registry) => () => Promise<string>;
  /** Told of each request that is no lookup. */
  readonly noteRequest?: (answered: AnsweredRequest) => void;
  readonly tracing?: Tracing | null;
}

export interface Service extends RegistryStores {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Where its metrics are read. */
  readonly metricsUrl: string;
  readonly records: RecordSource;
  /** Whether it can answer, as /health/ready tells it. */
  readonly readiness: Readiness;
  /**
   * Signs by `next` from now on, without an interruption. Throws INVALID_CONFIGURATION, and keeps the present signer,
   * when a resolver would refuse what `next` signs. Closing signers is the caller's business.
   */
  switchSigner(next: GatewaySigner): Promise<void>;
  /**
   * Takes no new connection, finishes the requests under way (within 10 s), closes the connections to the
   * database; asked twice, does it once.
   */
  stop(): Promise<void>;
}

/**
 * Brings the database up to date and starts to listen. Throws DATABASE_UNAVAILABLE, or INVALID_CONFIGURATION
 * when the address cannot be listened on. While the primary is down, a standby that is up to date is enough to start.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  await loadEngines();
  const databases = openDatabases(options);
  const servers: Server[] = [];
  let health: Health | undefined;
  const stop = async () => {
    health?.stop();
    await Promise.all(servers.map(stopServer));
    await databases.close();
  };
  try {
    await bringUpToDate(databases, options.reportFailure);
    const signer = switchableSigner(options.signer);
    const watched = (health = watchHealth(databases, signer, options));
    const { readiness, assertAccepted } = watched;
    const observation = observe(databases, watched, () => answers.cached, options);
    const records = observation.records(databases.lookups.records);
    const answers = createLookups(records, observation.signer(signer), signer.onSwitch, options);
    const registry = observation.registry({
      names: invalidating(nameStore(databases.registry), answers),
      domains: domainStore(databases.registry),
    });
    const contractWallets = contractWalletsOn(options.chainRpcUrls ?? new Map<bigint, string>());
    const parts = { registry, records, contractWallets, readiness, answers, observation };
    const listener = createListener(parts, options);
    const server = await startServer(listener, options);
    servers.push(server);
    const metricsServer = await startMetricsServer(observation, options);
    if (metricsServer) servers.push(metricsServer);
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(server),
      metricsUrl: `${urlOf(metricsServer ?? server)}/metrics`,
      ...registry,
      records,
      readiness,
      switchSigner: async (next) => {
        await assertAccepted(next);
        signer.switchTo(next);
      },
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function watchHealth(
  { lookups }: ServiceDatabases,
  signer: SwitchableSigner,
  options: ServiceOptions,
): Health {
  const { validitySec, reportFailure, nowMs = Date.now, chainRpcUrls = new Map() } = options;
  return startHealth({
    records: lookups.records,
    databaseClockMs: lookups.clockMs,
    databaseWarnings: lookups.warnings,
    rpcUrls: chainRpcUrls,
    signer,
    validitySec,
    nowMs,
    reportFailure,
  });
}

function observe(
  { lookups, registry }: ServiceDatabases,
  { readiness, state }: Health,
  cache: ObservationOptions["cache"],
  options: ServiceOptions,
): Observation {
  const { reportFailure, noteRequest = () => undefined, tracing = null } = options;
  const { metricsText = (own: Registry) => () => own.metrics() } = options;
  return createObservation({
    reportFailure,
    noteRequest,
    tracing,
    metricsText,
    cache,
    pools: () => [poolSample("lookups", lookups.primary), poolSample("registry", registry)],
    health: async () => {
      // first, because the state is what was found out by then
      const { reasons } = await readiness();
      return { ...state(), isReady: reasons.length === 0 };
    },
  });
}
