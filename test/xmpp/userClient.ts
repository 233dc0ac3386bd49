/** A user's app, by the stock library: what it gets, in order. */
import { setTimeout as delay } from "node:timers/promises";
import { client } from "@xmpp/client";
import type { Element } from "ltx";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";

export interface UserClient {
  /** `bob@chat.test/phone` */
  readonly full: string;
  readonly bare: string;
  /** All stanzas but answers to own IQs, in their order. */
  readonly received: readonly Element[];
  send(stanza: Element): Promise<void>;
  /** The answer, of type result or error. */
  ask(iq: Element): Promise<Element>;
  /** The first one that is so, now or later. */
  until(isIt: (stanza: Element) => boolean, what: string): Promise<Element>;
  stop(): Promise<void>;
}

export const PASSWORD = "password";
const PATIENCE_MS = 60_000;

/** Makes the account as well. */
export async function newUser(server: XmppServer, user: string): Promise<UserClient> {
  await registerAccount(server, user, PASSWORD);
  return await signIn(server, user, "phone");
}

/** With carbons and presence. */
export async function signIn(
  server: XmppServer,
  user: string,
  resource: string,
): Promise<UserClient> {
  const xmpp = client({
    service: `xmpp://${server.host}:${server.clientPort}`,
    domain: server.domain,
    resource,
    username: user,
    password: PASSWORD,
  });
  xmpp.reconnect.stop();
  xmpp.on("error", () => undefined);
  const received: Element[] = [];
  const answers = new Map<string, Element>();
  xmpp.on("stanza", (stanza: unknown) => {
    const one = stanza as Element;
    const id = String(one.attrs["id"]);
    if (one.is("iq") && id.startsWith("asked-")) answers.set(id, one);
    else received.push(one);
  });
  let count = 0;
  const address = await xmpp.start();
  const send = (stanza: Element) => xmpp.send(stanza);
  const self: UserClient = {
    full: address.toString(),
    bare: address.bare().toString(),
    received,
    send,
    ask: async (iq) => {
      const id = `asked-${++count}`;
      iq.attrs["id"] = id;
      await send(iq);
      await eventually(() => answers.has(id), "an answer to an IQ");
      return answers.get(id)!;
    },
    until: async (isIt, what) => {
      await eventually(() => received.some(isIt), what);
      return received.find(isIt)!;
    },
    stop: async () => {
      await xmpp.stop().catch(() => undefined);
    },
  };
  await self.ask(xml("iq", { type: "set" }, xml("enable", { xmlns: "urn:xmpp:carbons:2" })));
  await send(xml("presence"));
  await self.until((one) => one.is("presence") && one.attrs["from"] === self.full, "own presence");
  return self;
}

/** Waits for it, and fails when it does not happen. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`there was not within ${patienceMs} ms: ${what}`);
    await delay(10);
  }
}

export const has = (stanza: Element, name: string, xmlns: string = DM3_NS) =>
  stanza.getChild(name, xmlns) !== undefined;
