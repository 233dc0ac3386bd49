/** The adapter as the core would use it, on a real server: it notes what happens, and says what it is told to say. */
import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { normalizeName, type NormalName } from "../../src/ens/normalize.js";
import type { SignpostError } from "../../src/errors.js";
import {
  formatNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "../../src/messaging/address/nativeAddress.js";
import type { Contact, ContactStore, Delivery, Network } from "../../src/messaging/network.js";
import { xmppNetwork, type XmppNetworkSettings } from "../../src/xmpp/xmppNetwork.js";
import { type Happened, type RecordedEvents, recordEvents } from "../messaging/recordedEvents.js";
import { eventually } from "./userClient.js";

export const ALICE = normalizeName("alice.eth");

export interface Scene extends Pick<RecordedEvents, "core"> {
  readonly network: Network;
  readonly contacts: ContactStore;
  readonly happened: Happened & { readonly reported: SignpostError[] };
  connected(): Promise<void>;
}

export function openGateway(server: XmppServer, options: Partial<XmppNetworkSettings> = {}): Scene {
  const contacts = options.contacts ?? contactsInMemory();
  const { core, events, happened: told } = recordEvents();
  const happened: Scene["happened"] = Object.assign(told, { reported: [] });
  const network = xmppNetwork({
    ...{ host: server.host, port: server.componentPort },
    ...{ componentDomain: server.componentDomain, nativeDomain: server.domain },
    secret: server.secret,
    contacts,
    report: (error) => happened.reported.push(error),
    nowMs: () => performance.now(),
    ...{ shortestPauseMs: 200, longestPauseMs: 1_000 },
    ...options,
  });
  network.start(events);
  return {
    ...{ network, contacts, happened, core },
    connected: () => eventually(() => network.isConnected(), "a connection of the component"),
  };
}

export function contactsInMemory(most = 10_000): ContactStore {
  const all = new Map<string, Contact>();
  const keyOf = ({ native, name }: Contact) => `${formatNativeAddress(native)} ${name}`;
  return {
    contacts: (after, limit) => {
      const keys = [...all.keys()].sort().filter((key) => after === null || key > keyOf(after));
      return Promise.resolve(keys.slice(0, limit).map((key) => all.get(key)!));
    },
    contactsOf: (native) => Promise.resolve(namesOf(native)),
    addContact: (contact) => {
      const isNew = !all.has(keyOf(contact));
      if (isNew && namesOf(contact.native).length >= most) return Promise.resolve(false);
      all.set(keyOf(contact), contact);
      return Promise.resolve(true);
    },
    removeContact: async (contact) => {
      all.delete(keyOf(contact));
      await Promise.resolve();
    },
    removeContactsOf: async (native) => {
      for (const name of namesOf(native)) all.delete(keyOf({ native, name }));
      await Promise.resolve();
    },
  };
  function namesOf(native: NativeAddress): NormalName[] {
    const of = formatNativeAddress(native);
    return [...all.values()]
      .filter((contact) => formatNativeAddress(contact.native) === of)
      .map(({ name }) => name);
  }
}

export const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");

/** An envelope of about this many bytes, different for each number. */
export function deliveryTo(bare: string, number: number, bytes = 500, from = ALICE): Delivery {
  const message = `"<&'${number} `.padEnd(bytes, "abcdefgh");
  const envelope = JSON.stringify({ message, metadata: { version: "v1" }, postmark: "p" });
  return { to: parseNativeAddress(bare, "xmpp"), from, envelope, hash: sha256Of(envelope), number };
}
