/** Our storage, as `signpost serve storage` starts it from its settings, with a database of its own. */
import { serveChain } from "../lookup/chainServer.js";
import { serveCapability, type ServedCapability } from "../servedCapability.js";

export type ServedStorage = Pick<ServedCapability, "url" | "failures" | "close">;

export async function serveStorage(
  ensRegistry: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ServedStorage> {
  // as the capability loads what it needs: test runners that make CommonJS of this file would load it twice
  const { storage } = await import("../../src/capabilities/storage/storage.js");
  const { storageSettings } = await import("../../src/capabilities/storage/settings.js");
  const chain = await serveChain();
  const served = await serveCapability(
    { capability: storage, part: storageSettings, path: "/backend" },
    { rpcUrl: chain.url, registry: ensRegistry },
    (url) => ({ STORAGE_URL: url, ...more }),
  );
  return {
    ...served,
    close: async () => {
      await served.close();
      await chain.close();
    },
  };
}
