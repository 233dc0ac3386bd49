/** A user's app, by the stock library: what it gets, in order. */
import type { Socket } from "node:net";
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
  /** When the server has ended the connection. */
  readonly ended: Promise<void>;
  /** Ends the account and, with it, the connection. */
  removeAccount(): Promise<void>;
  stop(): Promise<void>;
}

export const PASSWORD = "password";
const PATIENCE_MS = 60_000;

/** Makes the account as well. */
export async function newUser(server: XmppServer, user: string): Promise<UserClient> {
  await registerAccount(server, user, PASSWORD);
  return await signIn(server, user, "phone");
}

type Heard = (stanza: Element) => void;

/** xmpp.js and prosody count a login's first stanzas differently now and then, and prosody ends the connection. */
const LOGINS = 5;

/**
 * With carbons and presence.
 * @param heard told of each that is received, at once
 */
export async function signIn(
  server: XmppServer,
  user: string,
  resource: string,
  heard: Heard = () => undefined,
): Promise<UserClient> {
  for (let attempt = 1; ; attempt++) {
    const signedIn = await tryToSignIn(server, user, resource, heard);
    if (signedIn !== null) return signedIn;
    if (attempt === LOGINS) throw new Error(`The server ended each login of ${user}.`);
  }
}

/** Null where the server ended the connection before it was of use. */
async function tryToSignIn(
  server: XmppServer,
  user: string,
  resource: string,
  heard: Heard,
): Promise<UserClient | null> {
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
    else {
      received.push(one);
      heard(one);
    }
  });
  let count = 0;
  const ended = new Promise<void>((resolve) => {
    xmpp.on("disconnect", () => {
      resolve();
    });
  });
  const address = await xmpp.start();
  const send = (stanza: Element) => xmpp.send(stanza);
  const self: UserClient = {
    full: address.toString(),
    bare: address.bare().toString(),
    ...{ received, send, ended },
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
    removeAccount: async () => {
      const remove = xml("query", { xmlns: "jabber:iq:register" }, xml("remove"));
      await send(xml("iq", { type: "set", id: "remove" }, remove));
      // what comes behind the end of its stream makes the library throw where nobody can catch it
      (xmpp as unknown as { socket: Socket | null }).socket?.removeAllListeners("data");
    },
    stop: async () => {
      await xmpp.stop().catch(() => undefined);
    },
  };
  const greeted = greet(self);
  const isThere = await Promise.race([greeted.then(() => true), ended.then(() => false)]).catch(
    (error: unknown) => {
      if (xmpp.status === "online") throw error;
      return false;
    },
  );
  return isThere ? self : null;
}

async function greet(self: UserClient): Promise<void> {
  await self.ask(xml("iq", { type: "set" }, xml("enable", { xmlns: "urn:xmpp:carbons:2" })));
  // whoever has not asked for the roster is told of no subscription
  await self.ask(xml("iq", { type: "get" }, xml("query", { xmlns: "jabber:iq:roster" })));
  await self.send(xml("presence"));
  await self.until((one) => one.is("presence") && one.attrs["from"] === self.full, "own presence");
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
