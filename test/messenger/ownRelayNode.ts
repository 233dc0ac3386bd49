/** Our relay node, as `signpost serve relay` starts it, as ds.example.eth of a world. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { startService } from "../../src/service/service.js";
import { readSettings } from "../../src/settings/settingsPart.js";
import { makeKeyFile } from "../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { serveChain } from "../lookup/chainServer.js";

const NODE = "ds.example.eth";
const CHAIN_ID = 31_337n;

export interface OwnRelayNode {
  readonly url: string;
  readonly failures: unknown[];
  /** Stops listening; a stopped one is closed as well. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Writes its record into ENS in place of the world's first relay node. */
export async function startOwnRelayNode({ ens }: NodeWorld): Promise<OwnRelayNode> {
  // as the capability loads what it needs: test runners that make CommonJS of this file would load it twice
  const { relay } = await import("../../src/capabilities/relay/relay.js");
  const { relaySettings } = await import("../../src/capabilities/relay/settings.js");
  const chain = await serveChain();
  const database = await openScratchDatabase();
  const folder = await temporaryFolder();
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/ds`;
  const failures: unknown[] = [];
  const own = readSettings([relaySettings], {
    RELAY_ENS_NAME: NODE,
    RELAY_URL: url,
    RELAY_ENS_CHAIN: CHAIN_ID.toString(),
    RELAY_ENS_REGISTRY: ens.ensRegistry,
    RELAY_ALLOW_LOOPBACK: "true",
  })(relaySettings);
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
  const { lines } = await service.findings();
  const [, record = ""] = /network\.dm3\.deliveryService: (data:\S+)/.exec(lines.join("\n")) ?? [];
  await ens.setText(NODE, "network.dm3.deliveryService", record);
  let stopping: Promise<void> | null = null;
  const stop = () => (stopping ??= service.stop());
  return {
    ...{ url, failures, stop },
    close: async () => {
      await stop();
      await database.close();
      await removeFolder(folder);
      await chain.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
