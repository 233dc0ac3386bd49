/** Numbers of the XMPP gateway. */
import { GATEWAY_STEPS, type GatewayStep } from "../../messaging/messagingGateway.js";
import type { Publisher } from "../../observe/publish.js";

interface XmppSources {
  readonly isActive: () => boolean;
  readonly isConnected: () => boolean;
}

export interface XmppMetrics {
  readonly note: (step: GatewayStep, count: number) => void;
  readonly publish: (publish: Publisher, sources: XmppSources) => void;
}

export function xmppMetrics(): XmppMetrics {
  const steps = new Map<GatewayStep, number>(GATEWAY_STEPS.map((step) => [step, 0]));
  return {
    note: (step, count) => {
      steps.set(step, (steps.get(step) ?? 0) + count);
    },
    publish: (publish, { isActive, isConnected }) => {
      publish.counter(
        "signpost_xmpp_messages_total",
        "Messages and links of the XMPP gateway, by what was done.",
        () => [...steps].map(([step, value]) => ({ labels: { step }, value })),
      );
      publish.gauge(
        "signpost_xmpp_active",
        "1 in the process that is the component, 0 in one that waits.",
        "sum",
        () => [{ value: Number(isActive()) }],
      );
      publish.gauge(
        "signpost_xmpp_connected",
        "1 while the component is connected to the XMPP server.",
        "max",
        () => [{ value: Number(isConnected()) }],
      );
    },
  };
}
