/** The bridge has a name in DM3, to which any DM3 user can write: it is published before anybody does. */
import { sleep } from "../../connecting/sleep.js";
import type { BridgeParts } from "../../messaging/bridge/bridgeParts.js";
import type { Network, NetworkEvents } from "../../messaging/network.js";

/** The registry may be away when the bridge starts. */
const PAUSE_MS = 10_000;

interface IntroducedParts extends Pick<BridgeParts, "custody" | "itself" | "reportFailure"> {
  readonly events: () => NetworkEvents;
}

/** @returns the network, which does that when it is started */
export function introducingItself(network: Network, parts: IntroducedParts): Network {
  const stopping = new AbortController();
  let published: Promise<void> = Promise.resolve();

  async function publish(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await parts.custody.userFor(parts.itself, parts.events(), { is: "proven" });
        return;
      } catch (error) {
        parts.reportFailure(error);
        await sleep(PAUSE_MS, stopping.signal);
      }
    }
  }

  return {
    ...network,
    start: (events) => {
      network.start(events);
      published = publish();
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([network.stop(), published]);
    },
  };
}
