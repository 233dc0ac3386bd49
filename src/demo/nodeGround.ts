/** What a relay node of the demo stands on: a database and a key of its own, a port that its record names before it listens, and settings. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignpostError } from "../errors.js";
import { openScratchDatabase } from "../installation/scratchDatabase.js";
import type { ServiceOptions } from "../service/service.js";
import type { Environment } from "../settings/settingsPart.js";
import { makeKeyFile } from "../wrapping-keys/fileWrappingKey.js";
import { freePort } from "./freePort.js";
import type { LocalChain } from "./localChain.js";
import type { LocalEns } from "./localEns.js";

export interface NodePlace {
  readonly chain: Pick<LocalChain, "chainId" | "rpcUrl">;
  readonly ens: Pick<LocalEns, "registry"> & { readonly universalResolver?: string };
  /** A Postgres to use a schema of. */
  readonly databaseUrl: string | undefined;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface NodeGround {
  /** Of a relay node. */
  readonly url: string;
  /** Without a path. */
  readonly origin: string;
  /** Of its database. */
  readonly databaseUrl: string;
  /** All of its settings. */
  readonly environment: Environment;
  readonly serviceOptions: ServiceOptions & { readonly chainRpcUrls: ReadonlyMap<bigint, string> };
  readonly remove: () => Promise<void>;
}

/**
 * @param name ENS name of the relay node
 * @param settings beside those that every relay node needs
 */
export async function openNodeGround(
  name: string,
  { chain, ens, databaseUrl, reportFailure }: NodePlace,
  settings: Environment = {},
): Promise<NodeGround> {
  const database = await openScratchDatabase(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), "signpost-node-"));
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/ds`;
  const chainRpcUrls = new Map([[chain.chainId, chain.rpcUrl]]);
  return {
    ...{ url, origin, databaseUrl: database.url },
    environment: {
      RELAY_ENS_NAME: name,
      RELAY_URL: url,
      RELAY_ENS_CHAIN: chain.chainId.toString(),
      RELAY_ENS_REGISTRY: ens.registry,
      RELAY_ENS_UNIVERSAL_RESOLVER: ens.universalResolver,
      RELAY_ALLOW_LOOPBACK: "true",
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: `${chain.chainId.toString()}=${chain.rpcUrl}`,
      SECRETS_KEY_LOCATION: `file:${keyFile}`,
      ...settings,
    },
    serviceOptions: {
      ...{ host: "127.0.0.1", port, chainRpcUrls, reportFailure },
      database: { url: database.url, standbyUrls: [], pooler: "none" },
      wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
    },
    remove: async () => {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
