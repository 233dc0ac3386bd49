/** What the registry answers over HTTP: lookups before express, the service API, and dm3's own where it is wanted. */
import { Router } from "express";
import type { Answers } from "../../gateway/cache/answers.js";
import type { GatewayObserver } from "../../gateway/observer.js";
import { ccipListener } from "../../http/ccip/ccipListener.js";
import type { ReadyAnswer } from "../../http/ccip/ccipReply.js";
import {
  clientNetworkBehind,
  type TrustedProxies,
  unreadableClients,
} from "../../http/clientAddress.js";
import { dm3Routes } from "../../http/dm3/dm3Routes.js";
import { HANDLER_PATH, HANDLER_STATUS, handlerRoute } from "../../http/dm3/handlerRoute.js";
import { DM3_STATUS } from "../../http/dm3/refusals.js";
import { apiShares } from "../../http/fairness/apiShares.js";
import { strangersFrom } from "../../http/fairness/strangers.js";
import type { ReportFailure } from "../../http/refuse.js";
import { SERVICE_STATUS } from "../../http/v1/serviceStatus.js";
import { v1Routes } from "../../http/v1/v1Routes.js";
import type { DomainStandings } from "../../mirror/domainStanding.js";
import type { NodeList } from "../../nodes/nodeStore.js";
import type { Limits } from "../../registry/access/limits.js";
import type { Pause } from "../../registry/changes/clock.js";
import type { Dm3Domains } from "../../registry/dm3/dm3Domains.js";
import type { ChangeFeed } from "../../registry/feed/changeFeed.js";
import type { ContractWallets } from "../../registry/signed/contractWallets.js";
import type { SourceReader } from "../../registry/sources/sourceStore.js";
import type { KeyStore, RecordSource, RegistryStores } from "../../registry/store.js";
import type { CapabilityRoute } from "../../service/capability.js";
import type { ExportReader } from "../../transfer/exportPort.js";

export interface RouteParts {
  readonly registry: RegistryStores;
  /** Relay nodes, for everybody. */
  readonly nodes: NodeList;
  readonly feed: ChangeFeed;
  readonly exports: ExportReader;
  readonly standings: DomainStandings;
  readonly sources: SourceReader;
  /** Where API keys are looked up. */
  readonly keys: KeyStore;
  readonly limits: Limits;
  readonly records: RecordSource;
  readonly contractWallets: ContractWallets;
  readonly answers: Answers<ReadyAnswer>;
  readonly observer: GatewayObserver;
  /** What dm3's own API serves; null: there is none. */
  readonly dm3Domains: Dm3Domains | null;
  readonly trustedProxies: TrustedProxies;
  readonly nowMs: () => number;
  readonly pause: Pause;
  readonly reportFailure: ReportFailure;
}

export function registryRoutes(parts: RouteParts): readonly CapabilityRoute[] {
  const { records, limits, dm3Domains, trustedProxies, nowMs } = parts;
  const networkOf = clientNetworkBehind(trustedProxies, (proxy) => {
    parts.reportFailure(unreadableClients(proxy));
  });
  const shares = apiShares(parts.pause);
  const strangers = strangersFrom(networkOf, limits, shares, nowMs);
  const shared = { ...parts, strangers, shares };
  return [
    { kind: "listener", take: ccipListener(parts) },
    {
      kind: "handler",
      path: "/v1",
      handler: v1Routes(shared),
      statuses: SERVICE_STATUS,
      isApi: true,
    },
    ...(dm3Domains === null
      ? []
      : ([
          {
            kind: "handler",
            path: "/profile",
            handler: dm3Routes({ ...shared, domains: dm3Domains }),
            statuses: DM3_STATUS,
            isApi: true,
          },
          {
            kind: "handler",
            path: "/",
            handler: Router().get(HANDLER_PATH, handlerRoute(records, dm3Domains)),
            statuses: HANDLER_STATUS,
            isApi: false,
          },
        ] as const)),
  ];
}
