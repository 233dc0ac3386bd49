/** Everything that a process with the registry, the relay node, the storage, the XMPP gateway and the mail bridge publishes. */
import { Registry } from "prom-client";
import { TOLD as MAIL } from "../../src/capabilities/mail/startMail.js";
import { type RelayMetrics, relayMetrics } from "../../src/capabilities/relay/metrics.js";
import { storageMetrics } from "../../src/capabilities/storage/metrics.js";
import { TOLD as XMPP } from "../../src/capabilities/xmpp/startXmpp.js";
import { networkMetrics } from "../../src/connecting/networkMetrics.js";
import { LOOKUP_STATUS } from "../../src/http/ccip/lookupStatus.js";
import { type ApiCounts, publishApi } from "../../src/observe/apiCounts.js";
import { publishOwnProcess } from "../../src/observe/ownProcess.js";
import {
  type MetricsSources,
  type RegistryMetrics,
  registryMetrics,
} from "../../src/observe/registryMetrics.js";

export interface PublishedMetrics extends Pick<
  RegistryMetrics,
  "gateway" | "database" | "signer" | "batches"
> {
  readonly registry: Registry;
  readonly api: ApiCounts["note"];
  readonly submit: RelayMetrics["submitted"];
}

export function publishedMetrics(sources: MetricsSources, isReady = true): PublishedMetrics {
  const registry = new Registry();
  const publish = publishOwnProcess(registry, {
    version: "1.2.3",
    isReady: () => Promise.resolve(isReady),
  });
  const metrics = registryMetrics(LOOKUP_STATUS);
  metrics.publish(publish, sources);
  const api = publishApi(publish);
  const relay = relayMetrics();
  relay.publish(publish, {
    live: () => 1,
    figures: () => ({
      ...{ oldestMs: 1_000, blobs: 1, blobBytes: 1 },
      waiting: { never_signed_in: 1, not_fetched: 1, not_acknowledged: 1 },
    }),
    retainedMs: () => 1_000,
    isPublished: () => true,
    canary: () => ({ isWell: true, tookMs: 1, wellMs: 1_000 }),
    nowMs: () => 61_000,
  });
  storageMetrics().publish(publish, {
    figures: () => ({ accounts: 1, conversations: 1, messages: 1, bytes: 1, removing: 0 }),
    retainedMs: () => 1_000,
    nowMs: () => 61_000,
  });
  for (const told of [XMPP, MAIL]) {
    networkMetrics(told).publish(publish, {
      ...{ isActive: () => true, isConnected: () => true, nowMs: () => 61_000 },
      canary: () => ({ isWell: true, tookMs: 1, wellMs: 1_000 }),
    });
  }
  return { ...metrics, registry, api, submit: relay.submitted };
}
