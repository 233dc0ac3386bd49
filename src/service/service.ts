/** The service: the capabilities of one process behind one port, added up. */
import type { Server } from "node:http";
import { clientAddressBehind, type TrustedProxies } from "../http/clientAddress.js";
import { lookupsFirst } from "../http/fairness/lookupsFirst.js";
import { timeSlices } from "../http/fairness/timeSlices.js";
import { isFromThisMachine } from "../http/metricsListener.js";
import { onceASecond, type Readiness, together } from "../http/readiness.js";
import { startServer, stopServer, urlOf } from "../http/server.js";
import type { TakeUpgrade } from "../http/upgrades.js";
import { VERSION } from "../installation/version.js";
import type { Secrets } from "../sealing/secrets.js";
import type { WrappingKeyLocations } from "../sealing/wrappingKeyLocation.js";
import type {
  Capability,
  CapabilityRoute,
  Findings,
  Parts,
  RunningCapability,
  Tell,
} from "./capability.js";
import { reloadAll, stopAll } from "./eachRunning.js";
import { newHints } from "./hints.js";
import { createListener } from "./listener.js";
import { startMetricsServer } from "./metricsServer.js";
import { type ObservationOptions, observe } from "./observation.js";
import { type OpenSecrets, openSecrets } from "./openSecrets.js";
import { assertApart } from "./routePaths.js";
import { migrateTables } from "./tables.js";

/** A capability with its settings, ready to start. */
export interface Startable<Running extends RunningCapability = RunningCapability> {
  readonly capability: Pick<Capability, "name" | "summary" | "migrations" | "sealedColumns">;
  readonly start: (parts: Parts) => Promise<Running>;
}

export interface ServiceOptions extends ObservationOptions {
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
  /** Whether lookups are noted as well, which costs more than answering one. */
  readonly noteLookups?: boolean;
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
  /** What SIGHUP does. Never throws: what goes wrong is told or reported. */
  readonly reload: (tell: Tell) => Promise<void>;
  /**
   * Takes no new connection, finishes the requests under way (within 10 s), then stops the capabilities; asked twice,
   * does it once. Reports each that fails to stop, and throws the first failure when all have ended.
   */
  stop(): Promise<void>;
}

const NO_WRAPPING_KEYS: WrappingKeyLocations = { key: null, formerKeys: [] };

/**
 * Starts the capabilities one after the other, then listens. Throws what keeps one of them from serving
 * (DATABASE_UNAVAILABLE, say), INVALID_CONFIGURATION when the address cannot be listened on, and INTERNAL when two
 * capabilities would answer the same path.
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
    try {
      await stopAll(running, reportFailure);
    } finally {
      // a capability may open one until it has stopped
      await stopAll([{ stop: async () => secrets?.close() }], reportFailure);
    }
  };
  const lookups = lookupsFirst();
  const pause = timeSlices({ lookups });
  const hints = newHints();
  try {
    const capabilities = startables.map(({ capability }) => capability);
    const { wrappingKeys = NO_WRAPPING_KEYS } = options;
    secrets = await openSecrets(capabilities, options.database, wrappingKeys);
    for (const { capability, start } of startables) {
      const parts = partsOf(capability, capabilities, secrets.of(capability), {
        ...options,
        lookups,
        pause,
        hints,
      });
      running.push(await start(parts));
    }
    const readiness = onceASecond(async () =>
      together(await Promise.all(running.map((capability) => capability.readiness()))),
    );
    const routes = running.flatMap((capability) => capability.routes);
    assertApart(routes);
    const observation = observe(running, readiness, options);
    const listener = createListener({
      routes,
      readiness,
      metrics: metricsAt === null ? observation.metrics(isFromThisMachine) : null,
      observation,
      clientAddress: clientAddressBehind(trustedProxies),
      reportFailure,
      noteLookups,
      pause,
    });
    const server = await startServer(listener, { ...options, upgrade: upgradesOf(routes) });
    servers.push(server);
    const metricsServer =
      metricsAt && (await startMetricsServer(observation, { ...metricsAt, reportFailure }));
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
      reload: (tell) => reloadAll(running, tell, reportFailure),
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    // what fails now was reported, and is not why it did not start
    await stop().catch(() => undefined);
    throw error;
  }
}

/** Undefined where no capability takes any. */
function upgradesOf(routes: readonly CapabilityRoute[]): TakeUpgrade | undefined {
  const takers = routes.flatMap((route) => (route.kind === "upgrade" ? [route.take] : []));
  if (takers.length === 0) return undefined;
  return (request, socket, head) => takers.some((take) => take(request, socket, head));
}

function partsOf(
  capability: Startable["capability"],
  capabilities: Parts["capabilities"],
  secrets: Secrets,
  options: ServiceOptions & Pick<Parts, "lookups" | "pause" | "hints">,
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
    lookups: options.lookups,
    pause: options.pause,
    hints: options.hints,
    reportFailure,
    tracing,
    capabilities,
  };
}
