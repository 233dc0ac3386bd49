/** Our relay node, as `signpost serve relay` starts it from its settings, with a database and keys of its own. */
import { join } from "node:path";
import { freePort } from "../../src/demo/freePort.js";
import type { SignpostError } from "../../src/errors.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { type Service, startService } from "../../src/service/service.js";
import { readSettings } from "../../src/settings/settingsPart.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import type { ChainServer } from "../lookup/chainServer.js";

const CHAIN_ID = 31_337n;

export interface ServedRelayNode {
  readonly service: Service;
  readonly url: string;
  /** Its record for network.dm3.deliveryService, as the service tells it. */
  readonly record: () => Promise<string>;
  readonly failures: SignpostError[];
  /** For commands beside it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
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
  const database = await openScratchDatabase();
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/ds`;
  const failures: SignpostError[] = [];
  const settings = {
    RELAY_ENS_NAME: name,
    RELAY_URL: url,
    RELAY_ENS_CHAIN: CHAIN_ID.toString(),
    RELAY_ENS_REGISTRY: ensRegistry,
    RELAY_ALLOW_LOOPBACK: "true",
    ...more,
  };
  const own = readSettings([relaySettings], settings)(relaySettings);
  const service = await startService(
    [
      {
        capability: relay,
        start: (parts) =>
          relay.start(parts, { own, readAgain: () => own, installation: undefined as never }),
      },
    ],
    {
      ...{ host: "127.0.0.1", port },
      database: { url: database.url, standbyUrls: [], pooler: "none" },
      wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      chainRpcUrls: new Map([[CHAIN_ID, chain.url]]),
      reportFailure: (error) => failures.push(error),
    },
  );
  return {
    ...{ service, url, failures },
    environment: {
      ...{ ...settings, DATABASE_URL: database.url, SIGNPOST_DIR: folder },
      CHAIN_RPC_URLS: `${CHAIN_ID.toString()}=${chain.url}`,
      SECRETS_KEY_LOCATION: `file:${keyFile}`,
    },
    record: async () => {
      const { lines } = await service.findings();
      return /network\.dm3\.deliveryService: (data:\S+)/.exec(lines.join("\n"))?.[1] ?? "";
    },
    close: async () => {
      // a stopped one is closed as well
      await service.stop();
      await database.close();
      await removeFolder(folder);
    },
  };
}
