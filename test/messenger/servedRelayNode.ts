/** Our relay node, as `signpost serve relay` starts it from its settings, with a database and keys of its own. */
import type { ChainServer } from "../lookup/chainServer.js";
import { serveCapability, type ServedCapability } from "../servedCapability.js";

export interface ServedRelayNode extends ServedCapability {
  /** Its record for network.dm3.deliveryService, as the service tells it. */
  readonly record: () => Promise<string>;
}

export async function serveRelayNode(
  name: string,
  chain: Pick<ChainServer, "url">,
  ensRegistry: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ServedRelayNode> {
  // as the capability loads what it needs: test runners that make CommonJS of this file would load it twice
  const { relay } = await import("../../src/capabilities/relay/relay.js");
  const { relaySettings } = await import("../../src/capabilities/relay/settings.js");
  const served = await serveCapability(
    { capability: relay, part: relaySettings, path: "/ds" },
    { rpcUrl: chain.url, registry: ensRegistry },
    (url) => ({ RELAY_ENS_NAME: name, RELAY_URL: url, ...more }),
  );
  return {
    ...served,
    record: async () => {
      const { lines } = await served.service.findings();
      return /network\.dm3\.deliveryService: (data:\S+)/.exec(lines.join("\n"))?.[1] ?? "";
    },
  };
}
