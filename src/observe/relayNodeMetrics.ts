/** What is known of the relay nodes that are registered here, as numbers. */
import { NODE_STATES } from "../nodes/nodeState.js";
import type { NodeCounts } from "../nodes/nodeStore.js";
import type { Publisher } from "./publish.js";

/** @param counts null where nothing was counted yet, or nothing is watched */
export function publishRelayNodes(publish: Publisher, counts: () => NodeCounts | null): void {
  publish.gauge("signpost_relay_nodes", "Registered relay nodes, by their state.", "max", () => {
    const counted = counts();
    if (counted === null) return [];
    return NODE_STATES.map((state) => ({ labels: { state }, value: counted[state] }));
  });
  publish.gauge(
    "signpost_relay_nodes_overdue",
    "Registered relay nodes that were not checked for three intervals.",
    "max",
    () => {
      const counted = counts();
      return counted === null ? [] : [{ value: counted.overdue }];
    },
  );
}
