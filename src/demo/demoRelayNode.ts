/** A relay node of the demo: a service of its own on a port of its own, which can be stopped and started again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensAccess } from "../capabilities/relay/ensAccess.js";
import { startRelayService } from "../capabilities/relay/relayService.js";
import { relaySettings } from "../capabilities/relay/settings.js";
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import type { SignpostError } from "../errors.js";
import { openScratchDatabase } from "../installation/scratchDatabase.js";
import { readSettings } from "../settings/settingsPart.js";
import { makeKeyFile } from "../wrapping-keys/fileWrappingKey.js";
import { freePort } from "./freePort.js";
import type { LocalChain } from "./localChain.js";
import type { LocalEns } from "./localEns.js";

export interface DemoRelayNode {
  readonly name: string;
  /** To be published under that name. */
  readonly profile: DeliveryServiceProfile;
  /** Of its database. */
  readonly databaseUrl: string;
  /** Nobody answers at its URL afterwards; what it has accepted stays in its database. */
  stop(): Promise<void>;
  startAgain(): Promise<void>;
  /** Ends it for good, with its database and keys. */
  remove(): Promise<void>;
}

export interface DemoRelayNodeOptions {
  readonly chain: LocalChain;
  readonly ens: LocalEns;
  /** A Postgres to use a schema of. */
  readonly databaseUrl: string | undefined;
  readonly reportFailure: (error: SignpostError) => void;
}

export async function startRelayNode(
  name: string,
  { chain, ens, databaseUrl, reportFailure }: DemoRelayNodeOptions,
): Promise<DemoRelayNode> {
  const database = await openScratchDatabase(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), "signpost-relay-"));
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  // its record names the port before it listens
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/ds`;
  const chainRpcUrls = new Map([[chain.chainId, chain.rpcUrl]]);
  const settings = readSettings([relaySettings], {
    RELAY_ENS_NAME: name,
    RELAY_URL: url,
    RELAY_ENS_CHAIN: chain.chainId.toString(),
    RELAY_ENS_REGISTRY: ens.registry,
    RELAY_ENS_UNIVERSAL_RESOLVER: ens.universalResolver,
    RELAY_ALLOW_LOOPBACK: "true",
  })(relaySettings);
  const start = () =>
    startRelayService(
      { ...settings, ...ensAccess(chainRpcUrls, settings) },
      {
        ...{ host: "127.0.0.1", port, chainRpcUrls, reportFailure },
        database: { url: database.url, standbyUrls: [], pooler: "none" },
        wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      },
    );
  let service = await start();
  return {
    name,
    profile: { ...service.publicKeys, url },
    databaseUrl: database.url,
    stop: () => service.stop(),
    startAgain: async () => {
      service = await start();
    },
    remove: async () => {
      await service.stop();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
