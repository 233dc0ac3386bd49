/** Devices of users of a real XMPP server with a gateway: each has a store of its own, can be killed, and comes back. */
import type { Socket } from "node:net";
import { client, xml } from "@xmpp/client";
import { Wallet } from "ethers";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import type { XmppWorld } from "../../src/demo/xmppWorld.js";
import type { Attachment } from "../../src/dm3/message/message.js";
import { type Messenger, openMessageKeys } from "../../src/sdk/messagesNode.js";
import {
  createXmppMessenger,
  memoryKeyValue,
  xmppClientConnection,
  type XmppMessenger,
  type XmppMessengerOptions,
} from "../../src/sdk/xmppNode.js";
import { type CreatedProfile, createProfile } from "../../src/wallet/createProfile.js";
import { eventually, PASSWORD } from "./userClient.js";

/** Servers, the chain and all devices share one busy machine. */
export const LONG_MS = 720_000;
export const HASTY = {
  ...{ unreachableFirstMs: 200, unreachableMostMs: 2_000, laterFirstMs: 200, laterMostMs: 2_000 },
};

export interface Shown {
  readonly from: string;
  readonly text: string;
  /** Where it had some. */
  readonly attachments?: readonly Attachment[];
}

export interface Person {
  readonly server: XmppServer;
  readonly user: string;
  readonly profile: CreatedProfile;
}

export interface Device {
  readonly messenger: () => XmppMessenger;
  /** What it showed, each as often as it did. */
  readonly shown: Shown[];
  readonly problems: string[];
  /** Envelopes in stanzas that came, however often. */
  readonly copies: () => number;
  /** The texts of all stanzas that came. */
  readonly stanzas: string[];
  /** Of those that it sent. */
  readonly sent: string[];
  /** The connection is cut, and nobody says goodbye. */
  readonly kill: () => Promise<void>;
  readonly logOut: () => Promise<void>;
  /** The app starts again with its store. */
  readonly back: () => Promise<void>;
}

export interface DeviceOptions {
  readonly resource: string;
  /** Its host; the server's usual one unless told. */
  readonly gateway?: string;
  /** The user's ENS name; the one that the gateway gives unless told. */
  readonly name?: string;
  readonly options?: Partial<XmppMessengerOptions>;
}

/** An account at the server, and keys that are not linked yet. */
export async function newPerson(
  server: XmppServer,
  user: string,
  relayNodes: readonly string[],
): Promise<Person> {
  await registerAccount(server, user, PASSWORD);
  return { server, user, profile: await createProfile(Wallet.createRandom(), relayNodes) };
}

export async function openDevice(
  world: Pick<XmppWorld, "demo">,
  { server, user, profile }: Person,
  { resource, gateway = server.componentDomain, name, options }: DeviceOptions,
): Promise<Device> {
  const store = memoryKeyValue();
  const shown: Shown[] = [];
  const problems: string[] = [];
  const stanzas: string[] = [];
  const sent: string[] = [];
  let copies = 0;
  const keys = await openMessageKeys(profile.keys);

  async function open() {
    const xmpp = client({
      service: `xmpp://${server.host}:${server.clientPort}`,
      ...{ domain: server.domain, resource, username: user, password: PASSWORD },
    });
    xmpp.on("error", () => undefined);
    xmpp.on("stanza", (stanza: unknown) => {
      const text = String(stanza);
      stanzas.push(text);
      copies += text.includes("<envelope ") ? 1 : 0;
    });
    xmpp.on("send", (stanza: unknown) => sent.push(String(stanza)));
    const messenger = createXmppMessenger({
      connection: xmppClientConnection(xmpp, xml),
      ...{ address: `${user}@${server.domain}`, gateway, keys, store, ...(name && { name }) },
      ...{ profile: profile.signedUserProfile, wallet: profile.address },
      ...{ ...ensOf(world), receipts: false, patience: HASTY, answerMs: 10_000 },
      onProblem: ({ error }) => problems.push(`${error.code} ${error.message}`),
      ...options,
    });
    const reading = showAll(messenger, shown);
    await xmpp.start();
    return { xmpp, messenger, reading };
  }

  let running = await open();
  return {
    ...{ shown, problems, stanzas, sent, copies: () => copies, messenger: () => running.messenger },
    kill: async () => {
      running.xmpp.reconnect.stop();
      (running.xmpp as unknown as { socket: Socket | null }).socket?.destroy();
      await running.messenger.stop();
      await running.reading;
    },
    logOut: async () => {
      running.xmpp.reconnect.stop();
      await running.messenger.stop();
      await running.reading;
      await running.xmpp.stop().catch(() => undefined);
    },
    back: async () => {
      running = await open();
    },
  };
}

export async function showAll(
  messenger: Pick<Messenger, "messages" | "acknowledge">,
  shown: Shown[],
): Promise<void> {
  for await (const message of messenger.messages()) {
    const { from, content } = message;
    if (content.type === "NEW") {
      const { text, attachments } = content;
      shown.push({ from, text, ...(attachments !== undefined && { attachments }) });
    }
    await messenger.acknowledge(message);
  }
}

export const ensOf = ({ demo: { chain, ens } }: Pick<XmppWorld, "demo">) => ({
  ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, universalResolver: ens.universalResolver },
  allowLoopback: true,
});

/** Waits until the device is linked to its gateway. */
export const linked = (device: Device): Promise<void> =>
  eventually(
    () =>
      device
        .messenger()
        .link()
        .then(
          () => true,
          () => false,
        ),
    "a link",
  );

/** Waits for all of these texts; where they do not come, what is missing and what the device had to say is in the error. */
export async function shows(
  device: Pick<Device, "shown"> & Partial<Pick<Device, "problems">>,
  texts: readonly string[],
  patienceMs = LONG_MS,
): Promise<void> {
  const missing = () => {
    const there = new Set(device.shown.map(({ text }) => text));
    return texts.filter((text) => !there.has(text));
  };
  await eventually(() => missing().length === 0, "all texts", patienceMs).catch(
    (cause: unknown) => {
      const said = [...new Set(device.problems)].slice(-20).join("; ");
      throw new Error(`Missing: ${missing().slice(0, 20).join()}. Problems: ${said}`, { cause });
    },
  );
}
