/**
 * The demo's world with an XMPP server: alice has a relay node of her own, and the server's users are reached through a
 * messaging gateway in front of it.
 */
import { randomBytes } from "node:crypto";
import { client, xml } from "@xmpp/client";
import { Wallet } from "ethers";
import { parseAddress } from "../ens/address.js";
import type { SignpostError } from "../errors.js";
import { addDomain } from "../registry/access/addDomain.js";
import { apiKeyFrom } from "../registry/domains/apiKey.js";
import { openMessageKeys } from "../sdk/messagesNode.js";
import { createXmppMessenger, type XmppMessenger, xmppClientConnection } from "../sdk/xmppNode.js";
import { createProfile } from "../wallet/createProfile.js";
import { askJson } from "./askJson.js";
import { type DemoWorld, startDemoWorld } from "./demoWorld.js";
import { startXmppServer } from "./xmpp-servers/startXmppServer.js";
import { registerAccount } from "./xmpp-servers/registerAccount.js";
import type { XmppServer, XmppServerKind } from "./xmpp-servers/xmppServer.js";
import { startXmppGateway, type XmppGateway } from "./xmppGateway.js";

export const CHAT_DOMAIN = "chat.example.eth";
const GATEWAY = "gateway.users.example.eth";
const PASSWORD = "of the demo";

export interface XmppWorldOptions {
  readonly kind: XmppServerKind;
  /** A Postgres to use schemas of, or undefined for throw-away ones. */
  readonly databaseUrl: string | undefined;
  readonly onStep: (step: string, facts: Readonly<Record<string, string>>) => void;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface XmppUser {
  /** `bob@chat.test` */
  readonly address: string;
  /** `bob.chat.example.eth` */
  readonly name: string;
  readonly messenger: XmppMessenger;
  readonly stop: () => Promise<void>;
}

export interface XmppWorld {
  readonly demo: DemoWorld;
  readonly server: XmppServer;
  readonly gateway: XmppGateway;
  /** Makes an account at the server, keys and a profile, and links them. */
  readonly newUser: (localPart: string) => Promise<XmppUser>;
  readonly stop: () => Promise<void>;
}

export async function startXmppWorld(options: XmppWorldOptions): Promise<XmppWorld> {
  const { onStep, reportFailure, databaseUrl } = options;
  const demo = await startDemoWorld({
    ...{ rpcPort: 0, httpPort: 0, databaseUrl, onStep, reportFailure, withRelayNodes: true },
  });
  const { chain, ens, service, resolver } = demo;
  await ens.setResolver(CHAT_DOMAIN, resolver);
  const apiKey = apiKeyFrom(randomBytes(32));
  await addDomain(
    service.domains,
    { domain: CHAT_DOMAIN, chainId: chain.chainId, resolver: parseAddress(resolver) },
    apiKey,
  );
  const server = await startXmppServer(options.kind);
  onStep(`An XMPP server (${server.kind})`, { users: server.domain, port: `${server.clientPort}` });
  const gateway = await startXmppGateway(GATEWAY, {
    ...{ chain, ens, databaseUrl: demo.databaseUrl, server, reportFailure },
    registry: { names: CHAT_DOMAIN, url: service.url, apiKey },
  });
  const record = (await gateway.record()).replace("data:application/json,", "");
  await askJson(`${service.url}/v1/relay-nodes/${GATEWAY}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${demo.apiKey}`, "content-type": "application/json" },
    body: record,
  });
  onStep("The messaging gateway", { relayNode: GATEWAY, component: server.componentDomain });

  const users: XmppUser[] = [];
  return {
    ...{ demo, server, gateway },
    newUser: async (localPart) => {
      await registerAccount(server, localPart, PASSWORD);
      const user = await startUser({ demo, server }, localPart);
      users.push(user);
      onStep(`XMPP user ${user.address}`, { name: user.name });
      return user;
    },
    stop: async () => {
      for (const user of users) await user.stop();
      await gateway.remove();
      await server.remove();
      await demo.stop();
    },
  };
}

async function startUser(
  { demo: { chain, ens }, server }: Pick<XmppWorld, "demo" | "server">,
  localPart: string,
): Promise<XmppUser> {
  const address = `${localPart}@${server.domain}`;
  const xmpp = client({
    service: `xmpp://${server.host}:${server.clientPort}`,
    ...{ domain: server.domain, username: localPart, password: PASSWORD },
  });
  xmpp.on("error", () => undefined);
  const profile = await createProfile(Wallet.createRandom(), [GATEWAY]);
  const messenger = createXmppMessenger({
    connection: xmppClientConnection(xmpp, xml),
    ...{ address, gateway: server.componentDomain },
    keys: await openMessageKeys(profile.keys),
    ...{ profile: profile.signedUserProfile, wallet: profile.address },
    ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
    allowLoopback: true,
  });
  await xmpp.start();
  const { name } = await messenger.link();
  return {
    ...{ address, name, messenger },
    stop: async () => {
      await messenger.stop();
      await xmpp.stop();
    },
  };
}
