/** Everything that a process with the registry and the relay node publishes. */
import { Registry } from "prom-client";
import { type SubmitCounts, submitCounts } from "../../src/capabilities/relay/metrics.js";
import { LOOKUP_STATUS } from "../../src/http/ccip/lookupStatus.js";
import { type ApiCounts, publishApi } from "../../src/observe/apiCounts.js";
import { publishOwnProcess } from "../../src/observe/ownProcess.js";
import {
  type MetricsSources,
  type RegistryMetrics,
  registryMetrics,
} from "../../src/observe/registryMetrics.js";

export interface PublishedMetrics extends Pick<RegistryMetrics, "gateway" | "database" | "signer"> {
  readonly registry: Registry;
  readonly api: ApiCounts["note"];
  readonly submit: SubmitCounts["note"];
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
  const submits = submitCounts();
  submits.publish(publish, () => 1);
  return { ...metrics, registry, api, submit: submits.note };
}
