/** What the service shows over HTTP: lookups first, since they are the most, then metrics, then the rest. */
import type { RequestListener, Server } from "node:http";
import type { SignpostError } from "../errors.js";
import type { Answers } from "../gateway/cache/answers.js";
import { createHttpApp } from "../http/app.js";
import { ccipListener } from "../http/ccip/ccipListener.js";
import type { ReadyAnswer } from "../http/ccip/ccipReply.js";
import { clientAddressBehind, type TrustedProxies } from "../http/clientAddress.js";
import type { Readiness } from "../http/healthRoutes.js";
import { isFromThisMachine } from "../http/metricsListener.js";
import { startServer } from "../http/server.js";
import type { Dm3Domains } from "../registry/dm3/dm3Domains.js";
import type { ContractWallets } from "../registry/signed/contractWallets.js";
import type { RecordSource, RegistryStores } from "../registry/store.js";
import type { Observation } from "./observation.js";

export interface SurfaceOptions {
  /** Gets what went wrong on our side; a client's mistakes are told to the client only. */
  readonly reportFailure: (error: SignpostError, requestId?: string) => void;
  /** Where /metrics is alone; otherwise it is beside everything else, for this machine only. */
  readonly metricsAt?: { readonly host: string; readonly port: number } | null;
  /** Whether lookups are noted as well, which costs more than answering one. */
  readonly noteLookups?: boolean;
  /** What dm3's own API serves; there is none by default. */
  readonly dm3Domains?: Dm3Domains | null;
  /** Whose word is taken for from where a request comes; nobody's by default. */
  readonly trustedProxies?: TrustedProxies;
}

export interface SurfaceParts {
  readonly registry: RegistryStores;
  readonly records: RecordSource;
  readonly contractWallets: ContractWallets;
  readonly readiness: Readiness;
  readonly answers: Answers<ReadyAnswer>;
  readonly observation: Observation;
}

export function createListener(parts: SurfaceParts, options: SurfaceOptions): RequestListener {
  const { registry, records, contractWallets, readiness, answers, observation } = parts;
  const { reportFailure, metricsAt = null, noteLookups = false, dm3Domains = null } = options;
  const { trustedProxies = [] } = options;
  const clientAddress = clientAddressBehind(trustedProxies);
  const ccip = ccipListener({ answers, observer: observation.gateway, reportFailure });
  const metrics = metricsAt === null ? observation.metrics(isFromThisMachine) : null;
  const app = createHttpApp({
    registry,
    records,
    contractWallets,
    readiness,
    reportFailure,
    dm3Domains,
    trustedProxies,
  });
  const noted = (listener: RequestListener) => observation.noted(listener, clientAddress);
  const rest = noteLookups ? app : noted(app);
  const all: RequestListener = (request, response) => {
    if (ccip(request, response) || metrics?.(request, response) === true) return;
    rest(request, response);
  };
  return observation.traced(noteLookups ? noted(all) : all);
}

/** Null when metrics have no port of their own. Throws INVALID_CONFIGURATION when it cannot be listened on. */
export async function startMetricsServer(
  observation: Observation,
  { metricsAt = null, reportFailure }: SurfaceOptions,
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
