/** An account of the demo's XMPP server for an app that somebody writes or tries: the settings of examples/xmpp-node. */
import { Wallet } from "ethers";
import { registerAccount } from "./xmpp-servers/registerAccount.js";
import { DEMO_PASSWORD, type XmppWorld } from "./xmppWorld.js";

/** Makes the account, which no wallet is linked to yet, and a wallet for it. Throws where the account exists. */
export async function xmppAppSettings(
  { demo: { chain, ens }, server }: Pick<XmppWorld, "demo" | "server">,
  user: string,
): Promise<Readonly<Record<string, string>>> {
  await registerAccount(server, user, DEMO_PASSWORD);
  return {
    XMPP_ADDRESS: `${user}@${server.domain}`,
    XMPP_PASSWORD: DEMO_PASSWORD,
    XMPP_SERVICE: `xmpp://${server.host}:${server.clientPort}`,
    XMPP_GATEWAY: server.componentDomain,
    WALLET_KEY: Wallet.createRandom().privateKey,
    ENS_RPC_URL: chain.rpcUrl,
    ENS_UNIVERSAL_RESOLVER: ens.universalResolver,
    ENS_ALLOW_LOOPBACK: "yes",
  };
}
