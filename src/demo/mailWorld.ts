/** The demo's world with a mail bridge: alice has a relay node of her own, and whoever has a mail address is reached through the bridge. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignpostError } from "../errors.js";
import { askJson } from "./askJson.js";
import { type DemoWorld, startDemoWorld } from "./demoWorld.js";
import { freePort } from "./freePort.js";
import { startMailBridge } from "./mailBridge.js";
import { publishRelayNode, serveDomain } from "./servedDomain.js";

const BRIDGE_DOMAIN = "bridge.example.eth";
/** The host in the addresses of DM3 users. */
export const MAIL_DOMAIN = "dm3.test";
const BRIDGE = "bridge.users.example.eth";

export interface MailWorldOptions {
  /** What it stands on, and does not end; without it a world of its own. */
  readonly demo?: DemoWorld;
  /** Of its own world: a Postgres to use schemas of, or undefined for throw-away ones. */
  readonly databaseUrl: string | undefined;
  /** Takes what the bridge sends: on loopback. */
  readonly smarthostPort: number;
  /** `address:port` */
  readonly dnsServer: string;
  readonly onStep: (step: string, facts: Readonly<Record<string, string>>) => void;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface MailWorld {
  readonly demo: DemoWorld;
  readonly bridge: Awaited<ReturnType<typeof startMailBridge>>;
  /** Where the bridge takes mail, on loopback. */
  readonly smtpPort: number;
  /** Gives a mail user a name and keys at the bridge; returns the name. */
  readonly introduce: (address: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export async function startMailWorld(options: MailWorldOptions): Promise<MailWorld> {
  const { onStep, reportFailure, databaseUrl, smarthostPort, dnsServer } = options;
  const demo =
    options.demo ??
    (await startDemoWorld({
      ...{ rpcPort: 0, httpPort: 0, databaseUrl, onStep, reportFailure, withRelayNodes: true },
    }));
  const { chain, ens, service } = demo;
  const apiKey = await serveDomain(demo, BRIDGE_DOMAIN);
  const folder = await mkdtemp(join(tmpdir(), "signpost-mail-"));
  const smtpPort = await freePort();
  const bridge = await startMailBridge(BRIDGE, {
    ...{
      chain,
      ens,
      databaseUrl: demo.databaseUrl,
      reportFailure,
      folder,
      smarthostPort,
      dnsServer,
    },
    ...{ mailDomain: MAIL_DOMAIN, port: smtpPort },
    registry: { names: BRIDGE_DOMAIN, url: service.url, apiKey },
  });
  await publishRelayNode(demo, bridge);
  onStep("The mail bridge", { relayNode: BRIDGE, addresses: `name@${MAIL_DOMAIN}` });
  return {
    ...{ demo, bridge, smtpPort },
    introduce: async (address) => {
      const { name } = (await askJson(new URL("/bridge/users", bridge.url).href, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ address }),
      })) as { readonly name: string };
      return name;
    },
    stop: async () => {
      await bridge.remove();
      if (options.demo === undefined) await demo.stop();
      await rm(folder, { recursive: true });
    },
  };
}
