/** Numbers of a gateway or bridge. */
import { publishCanary } from "../health/canaryGauges.js";
import type { CanaryFigures } from "../health/canaryWatch.js";
import { GATEWAY_STEPS, type GatewayStep } from "../messaging/messagingGateway.js";
import type { Publisher } from "../observe/publish.js";
import { add, labelled } from "../observe/samples.js";

interface NetworkSources {
  readonly isActive: () => boolean;
  readonly isConnected: () => boolean;
  /** Null for a network that has none. */
  readonly canary: (() => CanaryFigures | null) | null;
  readonly nowMs: () => number;
}

export interface NetworkMetrics {
  readonly note: (step: GatewayStep, count: number) => void;
  readonly publish: (publish: Publisher, sources: NetworkSources) => void;
}

/** How the numbers are told. */
export interface Told {
  /** In their names: `signpost_<capability>_…`. */
  readonly capability: string;
  /** In sentences: "the XMPP gateway". */
  readonly as: string;
}

export function networkMetrics({ capability, as }: Told): NetworkMetrics {
  const steps = new Map<GatewayStep, number>(GATEWAY_STEPS.map((step) => [step, 0]));
  return {
    note: (step, count) => {
      add(steps, step, count);
    },
    publish: (publish, { isActive, isConnected, canary, nowMs }) => {
      publish.counter(
        `signpost_${capability}_messages_total`,
        `Messages and links of ${as}, by what was done.`,
        () => labelled("step", steps),
      );
      publish.gauge(
        `signpost_${capability}_active`,
        `1 in the process that is ${as}, 0 in one that waits.`,
        "sum",
        () => [{ value: Number(isActive()) }],
      );
      publish.gauge(
        `signpost_${capability}_connected`,
        `1 while ${as} is connected to its network.`,
        "max",
        () => [{ value: Number(isConnected()) }],
      );
      if (canary !== null) publishCanary(publish, capability, canary, nowMs);
    },
  };
}

/** At the beginning of a sentence. */
export function atBeginning({ as }: Pick<Told, "as">): string {
  return `${as.slice(0, 1).toUpperCase()}${as.slice(1)}`;
}
