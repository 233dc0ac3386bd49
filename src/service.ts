/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import type { RequestListener, Server } from "node:http";
import type { Registry } from "prom-client";
import { domainStore } from "./db/domainStore.js";
import { migrate } from "./db/migrate.js";
import { nameStore } from "./db/nameStore.js";
import { type Pool, openPool } from "./db/pool.js";
import { recordSource } from "./db/recordSource.js";
import { SignpostError } from "./errors.js";
import { type Answers, createAnswers } from "./gateway/answers.js";
import { createGateway } from "./gateway/gateway.js";
import type { GatewaySigner } from "./gateway/gatewaySigner.js";
import type { AnsweredRequest } from "./http/accessLog.js";
import { createHttpApp } from "./http/app.js";
import type { Readiness } from "./http/healthRoutes.js";
import { ccipListener } from "./http/ccip/ccipListener.js";
import { type ReadyAnswer, readyAnswer } from "./http/ccip/ccipReply.js";
import { isFromThisMachine } from "./http/metricsListener.js";
import { startServer, stopServer, urlOf } from "./http/server.js";
import { loadEngines } from "./native/engines.js";
import { type Observation, createObservation, poolSample } from "./observation.js";
import { CHAINS_NOT_ASKED } from "./observe/healthMetrics.js";
import type { Tracing } from "./observe/tracing.js";
import type { NameStore, RecordSource, RegistryStores } from "./registry/store.js";

/** Clients give up after 10 s: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

/** Long enough for a CDN to take the brunt of a rush, short enough not to be noticed after a change. */
const MAX_AGE_SEC = 1;

/** About 10,000 answers with a profile. */
const ANSWER_CACHE_BYTES = 32 * 1024 * 1024;

/** Probes give up after a few seconds; by then they should have an answer, not silence. */
const READY_TIMEOUT_MS = 2_000;

export interface ServiceOptions {
  readonly databaseUrl: string;
  readonly signer: GatewaySigner;
  /** How long an answer is valid, in seconds. */
  readonly validitySec: number;
  /** How long caches in between may give an answer again, in seconds; half of the validity at most. */
  readonly maxAgeSec?: number;
  /** How much memory answers that were signed before may take, in bytes. */
  readonly answerCacheBytes?: number;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Gets what went wrong on our side; a client's mistakes are told to the client only. */
  readonly reportFailure: (error: SignpostError, requestId?: string) => void;
  /** Where /metrics is alone; otherwise it is beside everything else, for this machine only. */
  readonly metricsAt?: { readonly host: string; readonly port: number } | null;
  /** From this process's metrics to what a scrape gets; by default they are all that there is. */
  readonly metricsText?: (own: Registry) => () => Promise<string>;
  /** Told of each request that is no lookup. */
  readonly noteRequest?: (answered: AnsweredRequest) => void;
  /** Whether it is told of lookups as well, which costs more than answering one. */
  readonly noteLookups?: boolean;
  readonly tracing?: Tracing | null;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs?: () => number;
}

export interface Service extends RegistryStores {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Where its metrics are read. */
  readonly metricsUrl: string;
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
  await loadEngines();
  const pools = openPools(options);
  const servers: Server[] = [];
  try {
    await migrate(pools.registry);
    const unwatched = recordSource(pools.lookups);
    // the same read as a lookup's: what it needs is what readiness has to show
    const readiness = async () => {
      await within(READY_TIMEOUT_MS, unwatched.servedResolvers());
    };
    const observation = observe(pools, readiness, () => answers.held, options);
    const records = observation.records(unwatched);
    const answers = createLookups(records, observation.signer(options.signer), options);
    const registry = observation.registry({
      names: telling(nameStore(pools.registry), answers),
      domains: domainStore(pools.registry),
    });
    const listener = createListener({ registry, readiness, answers, observation }, options);
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
      stop: () => (stopping ??= stop(servers, pools)),
    };
  } catch (error) {
    await stop(servers, pools);
    throw error;
  }
}

function observe(
  { lookups, registry }: Pools,
  readiness: Readiness,
  cache: () => Answers<ReadyAnswer>["held"],
  options: ServiceOptions,
): Observation {
  const { reportFailure, noteRequest = () => undefined, tracing = null } = options;
  const { metricsText = ownMetricsText } = options;
  return createObservation({
    reportFailure,
    noteRequest,
    tracing,
    metricsText,
    cache,
    pools: () => [poolSample("lookups", lookups), poolSample("registry", registry)],
    health: async () => ({
      ...CHAINS_NOT_ASKED,
      isReady: await readiness().then(
        () => true,
        () => false,
      ),
    }),
  });
}

function ownMetricsText(own: Registry): () => Promise<string> {
  return () => own.metrics();
}

/** Null when metrics have no port of their own. */
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

/** The gateway, and its memory of what it signed. */
function createLookups(
  records: RecordSource,
  signer: GatewaySigner,
  options: ServiceOptions,
): Answers<ReadyAnswer> {
  const { validitySec, nowMs = Date.now } = options;
  const { maxAgeSec = MAX_AGE_SEC, answerCacheBytes = ANSWER_CACHE_BYTES } = options;
  return createAnswers({
    gateway: createGateway({ records, signer, validitySec, nowMs }),
    render: (answer) => readyAnswer(answer, maxAgeSec),
    mostBytes: answerCacheBytes,
    validitySec,
    nowMs,
  });
}

/** What is written through this process is seen by its very next lookup. */
function telling(names: NameStore, answers: Answers<ReadyAnswer>): NameStore {
  return {
    ...names,
    changeName: async (node, change) => {
      try {
        return await names.changeName(node, change);
      } finally {
        // after a failure, too: a commit whose answer was lost may have been carried out
        answers.changed(node);
      }
    },
  };
}

interface ListenerParts {
  readonly registry: RegistryStores;
  readonly readiness: Readiness;
  readonly answers: Answers<ReadyAnswer>;
  readonly observation: Observation;
}

function createListener(parts: ListenerParts, options: ServiceOptions): RequestListener {
  const { registry, readiness, answers, observation } = parts;
  const { reportFailure, metricsAt = null, noteLookups = false } = options;
  const ccip = ccipListener({ answers, observer: observation.gateway, reportFailure });
  const metrics = metricsAt === null ? observation.metrics(isFromThisMachine) : null;
  const app = createHttpApp({ registry, readiness, reportFailure });
  const rest = noteLookups ? app : observation.noted(app);
  const all: RequestListener = (request, response) => {
    if (ccip(request, response) || metrics?.(request, response) === true) return;
    rest(request, response);
  };
  return observation.traced(noteLookups ? observation.noted(all) : all);
}

async function stop(servers: readonly Server[], pools: Pools): Promise<void> {
  await Promise.all(servers.map(stopServer));
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
