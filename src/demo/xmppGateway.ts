/** A messaging gateway of the demo: a relay node, and what joins it to a private XMPP server, as one service. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { relay } from "../capabilities/relay/relay.js";
import { relaySettings } from "../capabilities/relay/settings.js";
import { xmppSettings } from "../capabilities/xmpp/settings.js";
import { xmpp } from "../capabilities/xmpp/xmpp.js";
import type { SignpostError } from "../errors.js";
import { openScratchDatabase } from "../installation/scratchDatabase.js";
import { type Service, startService } from "../service/service.js";
import type { Environment } from "../settings/settingsPart.js";
import { readSettings } from "../settings/settingsPart.js";
import { makeKeyFile } from "../wrapping-keys/fileWrappingKey.js";
import { freePort } from "./freePort.js";
import type { LocalChain } from "./localChain.js";
import type { LocalEns } from "./localEns.js";
import type { XmppServer } from "./xmpp-servers/xmppServer.js";

export interface XmppGatewayOptions {
  readonly chain: Pick<LocalChain, "chainId" | "rpcUrl">;
  readonly ens: Pick<LocalEns, "registry"> & { readonly universalResolver?: string };
  /** A Postgres to use a schema of. */
  readonly databaseUrl: string | undefined;
  readonly server: Pick<
    XmppServer,
    "host" | "componentPort" | "componentDomain" | "domain" | "secret"
  >;
  /** Where its users get their names, and by which key; null: they come with names of their own. */
  readonly registry: {
    readonly names: string;
    readonly url: string;
    readonly apiKey: string;
  } | null;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface XmppGateway {
  readonly name: string;
  readonly url: string;
  /** Of its database. */
  readonly databaseUrl: string;
  /** All of its settings. */
  readonly environment: Environment;
  readonly service: () => Service;
  /** Its record for network.dm3.deliveryService. */
  readonly record: () => Promise<string>;
  readonly stop: () => Promise<void>;
  readonly startAgain: () => Promise<void>;
  /** Ends it for good, with its database and keys. */
  readonly remove: () => Promise<void>;
}

/** @param name ENS name of its relay node */
export async function startXmppGateway(
  name: string,
  { chain, ens, databaseUrl, server, registry, reportFailure }: XmppGatewayOptions,
): Promise<XmppGateway> {
  const database = await openScratchDatabase(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), "signpost-gateway-"));
  const keyFile = join(folder, "secrets.key");
  await makeKeyFile(keyFile);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/ds`;
  const chainRpcUrls = new Map([[chain.chainId, chain.rpcUrl]]);
  const environment = {
    RELAY_ENS_NAME: name,
    RELAY_URL: url,
    RELAY_ENS_CHAIN: chain.chainId.toString(),
    RELAY_ENS_REGISTRY: ens.registry,
    RELAY_ENS_UNIVERSAL_RESOLVER: ens.universalResolver,
    RELAY_ALLOW_LOOPBACK: "true",
    XMPP_COMPONENT: server.componentDomain,
    XMPP_SECRET: server.secret,
    XMPP_DOMAIN: server.domain,
    XMPP_SERVER: `${server.host}:${server.componentPort}`,
    XMPP_NAMES: registry?.names,
    XMPP_REGISTRY_URL: registry?.url,
    XMPP_REGISTRY_KEY: registry?.apiKey,
    DATABASE_URL: database.url,
    CHAIN_RPC_URLS: `${chain.chainId.toString()}=${chain.rpcUrl}`,
    SECRETS_KEY_LOCATION: `file:${keyFile}`,
  };
  const settings = readSettings([relaySettings, xmppSettings], environment);
  const partOf = <Config>(own: Config) => ({
    own,
    readAgain: () => own,
    installation: undefined as never,
  });
  const start = () =>
    startService(
      [
        {
          capability: relay,
          start: (parts) => relay.start(parts, partOf(settings(relaySettings))),
        },
        { capability: xmpp, start: (parts) => xmpp.start(parts, partOf(settings(xmppSettings))) },
      ],
      {
        ...{ host: "127.0.0.1", port, chainRpcUrls, reportFailure },
        database: { url: database.url, standbyUrls: [], pooler: "none" },
        wrappingKeys: { key: { kind: "file", file: keyFile }, formerKeys: [] },
      },
    );
  let service = await start();
  return {
    ...{ name, url, environment, databaseUrl: database.url },
    service: () => service,
    record: async () => {
      const { lines } = await service.findings();
      return /network\.dm3\.deliveryService: (data:\S+)/.exec(lines.join("\n"))?.[1] ?? "";
    },
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
