/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import type { RequestListener, Server } from "node:http";
import { domainStore } from "./db/domainStore.js";
import { type LookupDatabases, openLookupDatabases } from "./db/lookupDatabases.js";
import { migrate } from "./db/migrate.js";
import { nameStore } from "./db/nameStore.js";
import { type Pool, type Pooler, openPool } from "./db/pool.js";
import { SignpostError, isSignpostError } from "./errors.js";
import type { Answers } from "./gateway/answers.js";
import type { GatewaySigner } from "./gateway/gatewaySigner.js";
import { UNOBSERVED } from "./gateway/observer.js";
import { type SwitchableSigner, switchableSigner } from "./gateway/switchableSigner.js";
import { type Health, type HealthState, startHealth } from "./health/health.js";
import { createHttpApp } from "./http/app.js";
import { ccipListener } from "./http/ccip/ccipListener.js";
import type { ReadyAnswer } from "./http/ccip/ccipReply.js";
import type { Readiness } from "./http/healthRoutes.js";
import { startServer, stopServer, urlOf } from "./http/server.js";
import { type LookupOptions, createLookups, telling } from "./lookups.js";
import { loadEngines } from "./native/engines.js";
import type { RecordSource, RegistryStores } from "./registry/store.js";

/** Clients give up after 10 s, and probes earlier: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

export interface ServiceOptions extends LookupOptions {
  readonly databaseUrl: string;
  /** Hot standbys of that database, which answer lookups while it does not; none by default. */
  readonly standbyDatabaseUrls?: readonly string[];
  /** What all of these URLs lead to; by default to Postgres itself. */
  readonly pooler?: Pooler;
  readonly signer: GatewaySigner;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Gets what went wrong on our side; a client's mistakes are told to the client only. */
  readonly reportFailure: (error: SignpostError) => void;
  /** RPC nodes by chain id, to look whether the resolvers there take our answers; none by default. */
  readonly chainRpcUrls?: ReadonlyMap<bigint, string>;
}

export interface Service extends RegistryStores {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly records: RecordSource;
  /** Whether it can answer, as /health/ready tells it. */
  readonly readiness: Readiness;
  /** The same, for metrics. */
  readonly healthState: () => HealthState;
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
  const signer = switchableSigner(options.signer);
  let health: Health | undefined;
  try {
    await bringUpToDate(databases, options);
    const { records } = databases.lookups;
    const answers = createLookups(records, signer, options);
    const registry: RegistryStores = {
      names: telling(nameStore(databases.registry), answers),
      domains: domainStore(databases.registry),
    };
    health = watchHealth(databases, signer, options);
    const { readiness, state, assertAccepted } = health;
    const listener = createListener(answers, registry, readiness, options);
    const server = await startServer(listener, options);
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(server),
      ...registry,
      records,
      readiness,
      healthState: state,
      switchSigner: async (next) => {
        await assertAccepted(next);
        signer.switchTo(next);
      },
      stop: () => (stopping ??= stop(server, health, databases)),
    };
  } catch (error) {
    health?.stop();
    await closeDatabases(databases);
    throw error;
  }
}

async function bringUpToDate({ registry, lookups }: Databases, options: ServiceOptions) {
  try {
    await migrate(registry);
  } catch (cause) {
    if (!isSignpostError(cause, "DATABASE_UNAVAILABLE")) throw cause;
    if (!(await lookups.canDoWithoutPrimary())) throw cause;
    options.reportFailure(
      new SignpostError(
        "DATABASE_UNAVAILABLE",
        `Started on a standby alone: lookups are answered, and nothing can be written until the primary is back. ${cause.message}`,
        {},
        { cause },
      ),
    );
  }
}

function createListener(
  answers: Answers<ReadyAnswer>,
  registry: RegistryStores,
  readiness: Readiness,
  { reportFailure }: ServiceOptions,
): RequestListener {
  const ccip = ccipListener({ answers, observer: UNOBSERVED, reportFailure });
  const app = createHttpApp({ registry, readiness, reportFailure });
  return (request, response) => {
    if (!ccip(request, response)) app(request, response);
  };
}

function watchHealth(
  { lookups }: Databases,
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

async function stop(server: Server, health: Health | undefined, databases: Databases) {
  health?.stop();
  await stopServer(server);
  await closeDatabases(databases);
}

/**
 * Lookups have connections of their own, so that writers, who wait for one another, never take those of lookups,
 * which do not wait. Only lookups know of standbys.
 */
interface Databases {
  readonly lookups: LookupDatabases;
  readonly registry: Pool;
}

function openDatabases(options: ServiceOptions): Databases {
  const { databaseUrl, standbyDatabaseUrls = [], pooler, reportFailure } = options;
  const common = { ...(pooler && { pooler }), onConnectionLost: reportFailure };
  return {
    lookups: openLookupDatabases({
      ...common,
      primaryUrl: databaseUrl,
      standbyUrls: standbyDatabaseUrls,
      longestLookupMs: LONGEST_LOOKUP_MS,
      nowMs: () => performance.now(),
    }),
    registry: openPool({ ...common, url: databaseUrl }),
  };
}

async function closeDatabases({ lookups, registry }: Databases): Promise<void> {
  await Promise.all([lookups.close(), registry.end()]);
}
