/** A mail bridge of the demo: a relay node, and what joins it to a private mail server. */
import { join } from "node:path";
import { makeDkimKeys } from "../capabilities/mail/dkimFolder.js";
import { mail } from "../capabilities/mail/mail.js";
import { type NamesAccess, type NetworkNode, startNetworkNode } from "./networkNode.js";
import type { NodePlace } from "./nodeGround.js";

export interface MailBridgeOptions extends NodePlace {
  /** A folder of its own. */
  readonly folder: string;
  /** The host in the addresses of DM3 users. */
  readonly mailDomain: string;
  /** Where it takes mail, on loopback. */
  readonly port: number;
  /** Sends on what comes from the bridge: on loopback. */
  readonly smarthostPort: number;
  /** `address:port` */
  readonly dnsServer: string;
  readonly registry: NamesAccess;
}

const SELECTOR = "dm3";

/** @param name ENS name of its relay node */
export async function startMailBridge(
  name: string,
  { folder, mailDomain, port, smarthostPort, dnsServer, registry, ...place }: MailBridgeOptions,
): Promise<NetworkNode & Pick<Awaited<ReturnType<typeof makeDkimKeys>>, "rsa" | "ed25519">> {
  const dkimFolder = join(folder, "dkim");
  const keys = await makeDkimKeys({ folder: dkimFolder, selector: SELECTOR });
  const node = await startNetworkNode(name, place, mail, {
    MAIL_DOMAIN: mailDomain,
    MAIL_LISTEN: `127.0.0.1:${port}`,
    MAIL_SMARTHOST: `127.0.0.1:${smarthostPort}`,
    MAIL_DNS: dnsServer,
    MAIL_DKIM_KEYS: dkimFolder,
    MAIL_DKIM_SELECTOR: SELECTOR,
    MAIL_NAMES: registry.names,
    MAIL_REGISTRY_URL: registry.url,
    MAIL_REGISTRY_KEY: registry.apiKey,
  });
  return { ...node, ...keys };
}
