/**
 * The demo's world with an XMPP server: alice has a relay node of her own, and the server's users are reached through a
 * messaging gateway in front of it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { client, xml } from "@xmpp/client";
import { Wallet } from "ethers";
import type { Element } from "ltx";
import { isSignpostError, type SignpostError } from "../errors.js";
import { openMessageKeys } from "../sdk/messagesNode.js";
import { createXmppMessenger, xmppClientConnection, type XmppMessenger } from "../sdk/xmppNode.js";
import { createProfile } from "../wallet/createProfile.js";
import { type DemoWorld, startDemoWorld } from "./demoWorld.js";
import type { NetworkNode } from "./networkNode.js";
import { publishRelayNode, serveDomain } from "./servedDomain.js";
import { registerAccount } from "./xmpp-servers/registerAccount.js";
import { startXmppServer } from "./xmpp-servers/startXmppServer.js";
import type { XmppServer, XmppServerKind, XmppServerOptions } from "./xmpp-servers/xmppServer.js";
import { startXmppGateway, type XmppGatewayOptions } from "./xmppGateway.js";

export const CHAT_DOMAIN = "chat.example.eth";
const GATEWAY = "gateway.users.example.eth";
/** Of every account. */
export const DEMO_PASSWORD = "of the demo";
const LINK_ATTEMPTS = 10;
const LINK_PAUSE_MS = 500;

export interface XmppWorldOptions {
  readonly kind: XmppServerKind;
  readonly server?: XmppServerOptions;
  /** What it stands on, and does not end; without it a world of its own. */
  readonly demo?: DemoWorld;
  /** Of its own world: a Postgres to use schemas of, or undefined for throw-away ones. */
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
  /** Another client of the same account, which knows nothing of DM3: the first stanza that is so, now or later. */
  readonly stockClient: (isIt: (stanza: Element) => boolean) => Promise<Element>;
  readonly stop: () => Promise<void>;
}

export interface XmppWorld {
  readonly demo: DemoWorld;
  readonly server: XmppServer;
  readonly gateway: NetworkNode;
  /** Makes an account at the server, keys and a profile, and links them. */
  readonly newUser: (localPart: string) => Promise<XmppUser>;
  /** A domain for names of users; returns an API key of it. */
  readonly newDomain: (domain: string) => Promise<string>;
  /** Another gateway; its relay node is published under that name. */
  readonly newGateway: (
    name: string,
    place: Pick<XmppGatewayOptions, "server" | "registry">,
  ) => Promise<NetworkNode>;
  readonly stop: () => Promise<void>;
}

export async function startXmppWorld(options: XmppWorldOptions): Promise<XmppWorld> {
  const { onStep, reportFailure, databaseUrl } = options;
  const demo =
    options.demo ??
    (await startDemoWorld({
      ...{ rpcPort: 0, httpPort: 0, databaseUrl, onStep, reportFailure, withRelayNodes: true },
    }));
  const { chain, ens, service } = demo;
  const apiKey = await serveDomain(demo, CHAT_DOMAIN);
  const server = await startXmppServer(options.kind, options.server);
  onStep(`An XMPP server (${server.kind})`, { users: server.domain, port: `${server.clientPort}` });
  const gateways: NetworkNode[] = [];
  const newGateway: XmppWorld["newGateway"] = async (name, place) => {
    const started = await startXmppGateway(name, {
      ...{ chain, ens, databaseUrl: demo.databaseUrl, reportFailure, ...place },
    });
    gateways.push(started);
    await publishRelayNode(demo, started);
    onStep("The messaging gateway", { relayNode: name, component: place.server.componentDomain });
    return started;
  };
  const gateway = await newGateway(GATEWAY, {
    server,
    registry: { names: CHAT_DOMAIN, url: service.url, apiKey },
  });

  const users: XmppUser[] = [];
  return {
    ...{ demo, server, gateway, newGateway },
    newDomain: (domain) => serveDomain(demo, domain),
    newUser: async (localPart) => {
      await registerAccount(server, localPart, DEMO_PASSWORD);
      const user = await startUser({ demo, server }, localPart);
      users.push(user);
      onStep(`XMPP user ${user.address}`, { name: user.name });
      return user;
    },
    stop: async () => {
      for (const user of users) await user.stop();
      for (const each of gateways) await each.remove();
      await server.remove();
      if (options.demo === undefined) await demo.stop();
    },
  };
}

async function startUser(
  { demo: { chain, ens }, server }: Pick<XmppWorld, "demo" | "server">,
  localPart: string,
): Promise<XmppUser> {
  const address = `${localPart}@${server.domain}`;
  const login = {
    service: `xmpp://${server.host}:${server.clientPort}`,
    ...{ domain: server.domain, username: localPart, password: DEMO_PASSWORD },
  };
  const xmpp = client(login);
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
  const { name } = await linked(messenger);
  const stock = client({ ...login, resource: "stock" });
  stock.on("error", () => undefined);
  const seen = stanzasOf(stock);
  // whenever the library connects again as well
  stock.on("online", () => {
    stock.send(xml("presence")).catch(() => undefined);
  });
  await stock.start();
  return {
    ...{ address, name, messenger, stockClient: seen },
    stop: async () => {
      await messenger.stop();
      await Promise.all([xmpp.stop(), stock.stop()]);
    },
  };
}

/** A server may end a new connection, and the library connects again by itself: prosody and xmpp.js sometimes count stanzas differently. */
async function linked(messenger: XmppMessenger): Promise<{ readonly name: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await messenger.link();
    } catch (error) {
      if (!isSignpostError(error) || attempt === LINK_ATTEMPTS) throw error;
      await delay(LINK_PAUSE_MS);
    }
  }
}

/** Waits for the first stanza that is so, among those that came and those to come. */
function stanzasOf(
  stock: ReturnType<typeof client>,
): (isIt: (stanza: Element) => boolean) => Promise<Element> {
  const came: Element[] = [];
  const waiting = new Set<() => void>();
  stock.on("stanza", (stanza: unknown) => {
    came.push(stanza as Element);
    for (const look of waiting) look();
  });
  return (isIt) =>
    new Promise((resolve) => {
      const look = () => {
        const found = came.find(isIt);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
}
