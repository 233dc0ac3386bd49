/** The service: database, gateway and HTTP put together, from parts that are handed in. */
import type { RequestListener, Server } from "node:http";
import { domainStore } from "./db/domainStore.js";
import { type LookupDatabases, openLookupDatabases } from "./db/lookupDatabases.js";
import { migrate } from "./db/migrate.js";
import { nameStore } from "./db/nameStore.js";
import { type Pool, type Pooler, openPool } from "./db/pool.js";
import { SignpostError, isSignpostError } from "./errors.js";
import { type Answers, createAnswers } from "./gateway/answers.js";
import { createGateway } from "./gateway/gateway.js";
import type { GatewaySigner } from "./gateway/gatewaySigner.js";
import { UNOBSERVED } from "./gateway/observer.js";
import { createHttpApp } from "./http/app.js";
import { ccipListener } from "./http/ccip/ccipListener.js";
import { type ReadyAnswer, readyAnswer } from "./http/ccip/ccipReply.js";
import { startServer, stopServer, urlOf } from "./http/server.js";
import { loadEngines } from "./native/engines.js";
import type { NameStore, RecordSource, RegistryStores } from "./registry/store.js";

/** Clients give up after 10 s, and probes earlier: by then they must have heard of it, and asked the next gateway. */
const LONGEST_LOOKUP_MS = 2_000;

/** Long enough for a CDN to take the brunt of a rush, short enough not to be noticed after a change. */
const MAX_AGE_SEC = 1;

/** About 10,000 answers with a profile. */
const ANSWER_CACHE_BYTES = 32 * 1024 * 1024;

export interface ServiceOptions {
  readonly databaseUrl: string;
  /** Hot standbys of that database, which answer lookups while it does not; none by default. */
  readonly standbyDatabaseUrls?: readonly string[];
  /** What all of these URLs lead to; by default to Postgres itself. */
  readonly pooler?: Pooler;
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
  readonly reportFailure: (error: SignpostError) => void;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs?: () => number;
}

export interface Service extends RegistryStores {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly records: RecordSource;
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
  const { lookups } = databases;
  try {
    await bringUpToDate(databases, options);
    const answers = createLookups(lookups.records, options);
    const registry: RegistryStores = {
      names: telling(nameStore(databases.registry), answers),
      domains: domainStore(databases.registry),
    };
    const server = await startServer(createListener(registry, lookups, answers, options), options);
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(server),
      ...registry,
      records: lookups.records,
      stop: () => (stopping ??= stop(server, databases)),
    };
  } catch (error) {
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

/** The gateway, and its memory of what it signed. */
function createLookups(records: RecordSource, options: ServiceOptions): Answers<ReadyAnswer> {
  const { signer, validitySec, nowMs = Date.now } = options;
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

function createListener(
  registry: RegistryStores,
  lookups: LookupDatabases,
  answers: Answers<ReadyAnswer>,
  { reportFailure }: ServiceOptions,
): RequestListener {
  const ccip = ccipListener({ answers, observer: UNOBSERVED, reportFailure });
  const app = createHttpApp({
    registry,
    // the same read as a lookup's: what it needs is what readiness has to show
    readiness: () => lookups.warnings(),
    reportFailure,
  });
  return (request, response) => {
    if (!ccip(request, response)) app(request, response);
  };
}

async function stop(server: Server, databases: Databases): Promise<void> {
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
