/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import type { RequestListener, Server } from "node:http";
import { databaseClockMs } from "./db/databaseClock.js";
import { domainStore } from "./db/domainStore.js";
import { migrate } from "./db/migrate.js";
import { nameStore } from "./db/nameStore.js";
import { type Pool, openPool } from "./db/pool.js";
import { recordSource } from "./db/recordSource.js";
import type { SignpostError } from "./errors.js";
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

/** Clients give up after 10 s: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

export interface ServiceOptions extends LookupOptions {
  readonly databaseUrl: string;
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
 * when the address cannot be listened on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  await loadEngines();
  const pools = openPools(options);
  const signer = switchableSigner(options.signer);
  let health: Health | undefined;
  try {
    await migrate(pools.registry);
    const records = recordSource(pools.lookups);
    const answers = createLookups(records, signer, options);
    const registry: RegistryStores = {
      names: telling(nameStore(pools.registry), answers),
      domains: domainStore(pools.registry),
    };
    health = watchHealth(pools, records, signer, options);
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
      stop: () => (stopping ??= stop(server, health, pools)),
    };
  } catch (error) {
    health?.stop();
    await closePools(pools);
    throw error;
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
  { lookups }: Pools,
  records: RecordSource,
  signer: SwitchableSigner,
  options: ServiceOptions,
): Health {
  const { validitySec, reportFailure, nowMs = Date.now, chainRpcUrls = new Map() } = options;
  return startHealth({
    records,
    databaseClockMs: () => databaseClockMs(lookups),
    rpcUrls: chainRpcUrls,
    signer,
    validitySec,
    nowMs,
    reportFailure,
  });
}

async function stop(server: Server, health: Health | undefined, pools: Pools): Promise<void> {
  health?.stop();
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
