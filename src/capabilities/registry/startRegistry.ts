/** The registry with its CCIP gateway, put together from parts that are handed in. */
import { sameBytes } from "../../abi/bytes.js";
import { toHex } from "../../abi/hex.js";
import { contractWalletsOn } from "../../chain/askContractWallets.js";
import { apiKeyStore } from "../../db/apiKeyStore.js";
import { domainStore } from "../../db/domainStore.js";
import { changeFeed } from "../../db/feed/changeFeed.js";
import { domainStandings } from "../../db/mirror/domainStandings.js";
import { nameStore } from "../../db/nameStore.js";
import { relayNodeList } from "../../db/relayNodeList.js";
import { sharedLimits } from "../../db/sharedLimits.js";
import { signerStore } from "../../db/signerStore.js";
import { sourceStore } from "../../db/sourceStore.js";
import { exportReader } from "../../db/transfer/exportReader.js";
import { unpackTables } from "../../ens/normalize.js";
import { isSignpostError } from "../../errors.js";
import { batchSupport } from "../../gateway/batchSupport.js";
import type { GatewaySigner } from "../../gateway/gatewaySigner.js";
import { switchableSigner } from "../../gateway/switchableSigner.js";
import { type DomainWatch, startDomainWatch } from "../../health/domainWatch.js";
import { type Health, startHealth } from "../../health/health.js";
import { rateLimits } from "../../http/fairness/rateLimits.js";
import { together } from "../../http/readiness.js";
import { loadEngines } from "../../native/engines.js";
import { brieflyKept } from "../../nodes/briefly.js";
import type { MetricsSources } from "../../observe/registryMetrics.js";
import { type Dm3Domains, dm3Obstacles } from "../../registry/dm3/dm3Domains.js";
import type { DomainStore, RecordSource, RegistryStores } from "../../registry/store.js";
import type { Findings, Parts, RunningCapability } from "../../service/capability.js";
import { batchingSigner } from "../../signer/batchingSigner.js";
import { pooledSalts } from "../../signer/batchSalts.js";
import { bringUpToDate, openDatabases, type RegistryDatabases } from "./databases.js";
import { servedDomainLines } from "./findings.js";
import { createLookups, invalidating, type LookupOptions } from "./lookups.js";
import { startMirrors } from "./mirror/startMirrors.js";
import { type NodeWatch, type NodeWatchOptions, startNodeWatch } from "./nodeWatch.js";
import { observeRegistry, poolSample } from "./observation.js";
import { registryRoutes } from "./routes.js";
import { type SignerMemory, signerMemory, uncheckedSigner } from "./signerMemory.js";
import { startSources } from "./sources.js";
import { noting } from "./writtenNames.js";

/** That a process counts by itself while the database is down; beyond them those that were used longest ago are forgotten. */
const MOST_LIMITS = 100_000;

export interface RegistryOptions extends LookupOptions {
  readonly signer: GatewaySigner;
  /** What dm3's own API serves; none by default. */
  readonly dm3Domains?: Dm3Domains | null;
  /** How relay nodes are watched; none by default. */
  readonly nodeWatch?: NodeWatchOptions | null;
}

export interface RunningRegistry extends RunningCapability, RegistryStores {
  readonly records: RecordSource;
  /**
   * Signs by `next` from now on, without an interruption. Throws INVALID_CONFIGURATION, and keeps the present signer,
   * when a resolver would refuse what `next` signs, or when nobody can look and the signer is not known at that resolver. Closing signers is the caller's task.
   */
  readonly switchSigner: (next: GatewaySigner) => Promise<void>;
}

/**
 * Brings the tables up to date and starts to watch database, signer and chains. Throws DATABASE_UNAVAILABLE; while the
 * primary is down, a standby that is up to date is enough to start.
 */
export async function startRegistry(
  parts: Parts,
  options: RegistryOptions,
): Promise<RunningRegistry> {
  const { database, reportFailure, chainRpcUrls, nowMs } = parts;
  await loadEngines();
  unpackTables();
  const databases = openDatabases(database, reportFailure);
  try {
    await bringUpToDate(database, databases, reportFailure);
  } catch (error) {
    await databases.close();
    throw error;
  }
  const signer = switchableSigner(options.signer);
  const batches = batchSupport(nowMs);
  const health = startHealth({
    records: databases.lookups.records,
    databaseClockMs: databases.lookups.clockMs,
    databaseWarnings: databases.lookups.warnings,
    rpcUrls: chainRpcUrls,
    signer,
    batches,
    validitySec: options.validitySec,
    nowMs,
    reportFailure,
    // is noted also where nobody asks for readiness or metrics
    onAsked: () => void signers.noteAgain(),
  });
  const watch = startDomainWatch({
    records: databases.lookups.records,
    names: nameStore(databases.registry),
    rpcUrls: chainRpcUrls,
    reportFailure,
  });
  const signers = signerMemory({
    store: signerStore(databases.door),
    signer,
    taken: () => health.taken(),
    firstAsked: health.firstAsked,
  });
  const observation = observeRegistry(parts.tracing);
  const records = observation.records(databases.lookups.records);
  const sources = startSources(parts, databases, records);
  const answers = createLookups(
    sources.told(records),
    observation.answerSigner(
      batchingSigner({
        signer: observation.signer(signer),
        makeSalts: pooledSalts(),
        observer: observation.batches,
        onRefused: observation.refused,
      }),
    ),
    signer.onSwitch,
    parts.lookups,
    {
      ...options,
      nowMs,
      sourced: sources.connected,
      batches,
    },
  );
  const registry = observation.registry({
    names: noting(invalidating(nameStore(databases.registry), answers), watch.noteWritten),
    domains: domainStore(databases.registry),
  });
  const contractWallets = contractWalletsOn(chainRpcUrls);
  const mirrors = startMirrors(parts, databases, contractWallets, (node) => {
    answers.invalidate(node);
  });
  const nodeWatch = startNodeWatch(parts, databases, registry, options.nodeWatch ?? null);
  const ownLimits = rateLimits(nowMs, MOST_LIMITS);
  const limits = sharedLimits(databases.door, {
    take: (...taken) => Promise.resolve(ownLimits.take(...taken)),
  });
  const { dm3Domains = null } = options;
  const observer = observation.gateway;
  return {
    ...registry,
    records,
    routes: registryRoutes({
      ...parts,
      registry,
      keys: observation.keys(apiKeyStore(databases.door)),
      limits,
      records,
      feed: changeFeed(databases.registry),
      exports: exportReader(databases.registry),
      standings: domainStandings(databases.registry),
      sources: sourceStore(databases.registry),
      nodes: brieflyKept(relayNodeList(databases.registry), nowMs),
      contractWallets,
      answers,
      observer,
      dm3Domains,
    }),
    readiness: async () =>
      together([
        ...(await Promise.all([health.readiness(), signers.report()])),
        watch.report(),
        sources.connected.report(),
        mirrors.report(),
      ]),
    metrics: (publish) => {
      observation.publish(
        publish,
        metricsSources(
          databases,
          { health, signers, watch, nodeWatch },
          () => answers.cached,
          () => ({ mirrors: mirrors.known(), nowMs: nowMs() }),
        ),
      );
    },
    findings: (url) => findings({ records, domains: registry.domains }, dm3Domains, url),
    reload: null,
    switchSigner: async (next) => {
      const unchecked = await health.assertAccepted(next);
      const isSame = sameBytes(next.address, signer.address);
      const strange = isSame ? [] : await signers.strangeAt(next.address, unchecked);
      if (strange.length > 0) throw uncheckedSigner(next.address, strange);
      signer.switchTo(next);
    },
    stop: async () => {
      health.stop();
      watch.stop();
      nodeWatch.stop();
      await Promise.all([sources.stop(), mirrors.stop()]);
      await databases.close();
    },
  };
}

interface Watchers {
  readonly health: Health;
  readonly signers: SignerMemory;
  readonly watch: DomainWatch;
  readonly nodeWatch: NodeWatch;
}

function metricsSources(
  { lookups, registry, door, sources, mirrors }: RegistryDatabases,
  { health: { readiness, state }, signers, watch, nodeWatch }: Watchers,
  cache: MetricsSources["cache"],
  mirrored: MetricsSources["mirrors"],
): MetricsSources {
  return {
    cache,
    mirrors: mirrored,
    pools: () => [
      poolSample("lookups", lookups.primary),
      poolSample("registry", registry),
      poolSample("door", door),
      poolSample("sources", sources),
      poolSample("mirrors", mirrors),
    ],
    health: async () => {
      // first, because the state is what was found out by then
      const [present] = await Promise.all([signers.present(), readiness()]);
      const knownAt = (present?.resolvers ?? []).map(({ chainId, resolver, isKnown }) => ({
        chainId: chainId.toString(),
        resolver: toHex(resolver),
        isKnown,
      }));
      return { ...state(), signerKnown: present?.isKnown ?? null, knownAt };
    },
    domains: watch.state,
    relayNodes: nodeWatch.counts,
  };
}

/** What it serves, and what keeps it from answering well. */
async function findings(
  { records, domains }: { records: RecordSource; domains: DomainStore },
  dm3Domains: Dm3Domains | null,
  url: string,
): Promise<Findings> {
  const lines = servedDomainLines(await records.servedResolvers(), url);
  const obstacles = dm3Domains === null ? [] : await obstaclesAmong(domains, dm3Domains);
  const { slowness } = await loadEngines();
  return { lines, warnings: slowness === null ? obstacles : [...obstacles, slowness] };
}

/** None where the registry does not answer, of which the readiness tells. */
async function obstaclesAmong(domains: DomainStore, dm3Domains: Dm3Domains) {
  try {
    return await dm3Obstacles(domains, dm3Domains);
  } catch (error) {
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return [];
    throw error;
  }
}
