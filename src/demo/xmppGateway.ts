/** A messaging gateway of the demo: a relay node, and what joins it to a private XMPP server. */
import { xmpp } from "../capabilities/xmpp/xmpp.js";
import { type NamesAccess, type NetworkNode, startNetworkNode } from "./networkNode.js";
import type { NodePlace } from "./nodeGround.js";
import type { XmppServer } from "./xmpp-servers/xmppServer.js";

export interface XmppGatewayOptions extends NodePlace {
  readonly server: Pick<
    XmppServer,
    "host" | "componentPort" | "componentDomain" | "domain" | "secret"
  >;
  /** Null: its users come with names of their own. */
  readonly registry: NamesAccess | null;
}

/** @param name ENS name of its relay node */
export function startXmppGateway(
  name: string,
  { server, registry, ...place }: XmppGatewayOptions,
): Promise<NetworkNode> {
  return startNetworkNode(name, place, xmpp, {
    XMPP_COMPONENT: server.componentDomain,
    XMPP_SECRET: server.secret,
    XMPP_DOMAIN: server.domain,
    XMPP_SERVER: `${server.host}:${server.componentPort}`,
    XMPP_NAMES: registry?.names,
    XMPP_REGISTRY_URL: registry?.url,
    XMPP_REGISTRY_KEY: registry?.apiKey,
  });
}
