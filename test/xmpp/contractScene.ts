/** An XMPP server as the suite for networks wants it. */
import { readdir, readFile } from "node:fs/promises";
import type { Element } from "ltx";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { startXmppServer } from "../../src/demo/xmpp-servers/startXmppServer.js";
import type { XmppServer, XmppServerKind } from "../../src/demo/xmpp-servers/xmppServer.js";
import {
  formatNativeAddress,
  type NativeAddress,
  parseNativeAddress,
} from "../../src/messaging/address/nativeAddress.js";
import type { Delivery } from "../../src/messaging/network.js";
import { deliveryStanza } from "../../src/xmpp/messageStanzas.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { LONGEST_STANZA } from "../../src/xmpp/stanzaParser.js";
import { xml } from "../../src/xmpp/xml.js";
import { arrivals } from "../arrivals.js";
import { until } from "../mail/until.js";
import type { Answer, Arrived, NetworkScene, NetworkUser } from "../messaging/networkScene.js";
import { ALICE, openGateway, sha256Of } from "./gatewayScene.js";
import { submitStanza } from "./stanzas.js";
import { has, PASSWORD, signIn, type UserClient } from "./userClient.js";

/** As `xmppNetwork` has it. */
const LONGEST_SENT = LONGEST_STANZA - 64 * 1024;

interface XmppUser extends NetworkUser {
  readonly signInAgain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function openXmppScene(kind: XmppServerKind): Promise<NetworkScene> {
  const server = await startXmppServer(kind);
  const gateway = openGateway(server, { answerTimeoutMs: 20_000 });
  const { network, happened, core } = gateway;
  const at = server.componentDomain;
  const users: XmppUser[] = [];
  let places = 0;
  let numbers = 0;
  const nextPlace = () => places++;

  const letterWith = (to: NativeAddress, text: string, filler: string): Delivery => {
    const envelope = JSON.stringify({ message: text, metadata: { filler }, postmark: "<&'" });
    return { to, from: ALICE, envelope, hash: sha256Of(envelope), number: numbers++ };
  };
  const domains = { componentDomain: at, nativeDomain: server.domain };

  return {
    ...{ network, happened, core },
    traits: { tells: "delivered", hasConnection: true, showsCodes: true },
    server: {
      stop: () => server.stop(),
      start: async () => {
        await server.start();
        await users[0]?.signInAgain();
      },
      hold: () => holdProcess(server.pid()),
      cut: () => server.kill(),
    },
    newUser: async (localPart) => {
      const user = await startUser(server, localPart, nextPlace);
      users.push(user);
      return user;
    },
    somebodyElse: parseNativeAddress(`somebody@${server.domain}`, "xmpp"),
    nobody: parseNativeAddress(`nobody@${server.domain}`, "xmpp"),
    addressOf: (name) => `${name}@${at}`,
    // the encoding of a name that needs none
    nobodysAddress: `x-mfwgsy3ffzsxi2a@${at}`,
    letter: (to, text, bytes = 500) =>
      Promise.resolve(letterWith(to, text, "f".repeat(Math.max(0, bytes - 200)))),
    longest: (to, text, more) => {
      // numbers have as many digits as the next one
      numbers = Math.max(numbers, 1_000);
      const { length } = deliveryStanza(letterWith(to, text, ""), domains)!.toString();
      return Promise.resolve(letterWith(to, text, "f".repeat(LONGEST_SENT - length + more)));
    },
    textOf: ({ envelope }) =>
      Promise.resolve((JSON.parse(envelope) as { encryptedMessage: string }).encryptedMessage),
    close: async () => {
      for (const user of users) await user.stop();
      await network.stop();
      await server.remove();
    },
  };
}

/** Resolves when none of its threads runs any more. */
async function holdProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  const threads = await readdir(`/proc/${pid}/task`);
  for (const thread of threads) {
    await until(async () => {
      const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, "utf8");
      return stat.slice(stat.lastIndexOf(")")).startsWith(") T");
    });
  }
}

async function startUser(
  server: XmppServer,
  localPart: string,
  nextPlace: () => number,
): Promise<XmppUser> {
  const arrived = arrivals<Arrived>();
  const ends = arrivals<string>();
  const answers = arrivals<Element>();
  let client: UserClient;
  let count = 0;

  const heard = (stanza: Element) => {
    const envelope = stanza.getChild("envelope", DM3_NS);
    const failed = stanza.getChild("failed", DM3_NS);
    const from = String(stanza.attrs["from"]);
    if (envelope !== undefined) {
      const text = envelope.getText();
      if (sha256Of(text) !== envelope.attrs["hash"]) throw new Error("It did not arrive whole.");
      const { message } = JSON.parse(text) as { message: string };
      arrived.add({ text: message, from, place: nextPlace() });
    } else if (failed !== undefined) {
      ends.add(failed.getText());
      const noted = xml("noted", { xmlns: DM3_NS, hash: String(failed.attrs["hash"]) });
      void client.send(xml("message", { to: from }, noted));
    } else if (stanza.is("message")) answers.add(stanza);
  };

  async function answerTo(stanza: Element): Promise<Answer> {
    const id = String(stanza.attrs["id"]);
    const sent = client.send(stanza);
    await sent;
    return answerIn(await answers.first(({ attrs }) => attrs["id"] === id));
  }

  const submission = (to: string, text: string) =>
    submitStanza(
      to,
      `w-${++count}`,
      JSON.stringify({ to: "alice.eth", encryptedMessage: text, encryptionEnvelops: [] }),
    );

  await registerAccount(server, localPart, PASSWORD);
  client = await signIn(server, localPart, "phone", heard);
  return {
    address: { localPart, domain: server.domain },
    ...{ arrived, ends },
    accept: async ({ from, hash, number }) => {
      const accepted = xml("accepted", { xmlns: DM3_NS, hash, number: String(number) });
      await client.send(xml("message", { to: `${from}@${server.componentDomain}` }, accepted));
    },
    write: (to, text) => answerTo(submission(to, text)),
    writeAs: async (claimed, to, text) => {
      const stanza = submission(to, text);
      stanza.attrs["from"] = `${formatNativeAddress(claimed)}/phone`;
      const gone = client.ended.then((): Answer => ({ is: "gone" }));
      return Promise.race([answerTo(stanza).catch(() => gone), gone]);
    },
    signInAgain: async () => {
      await client.stop();
      client = await signIn(server, localPart, "phone", heard);
    },
    stop: () => client.stop(),
  };
}

function answerIn(stanza: Element): Answer {
  if (has(stanza, "accepted")) return { is: "kept" };
  const error = stanza.getChild("error")!;
  if (error.attrs["type"] === "wait") return { is: "later" };
  const code: unknown = error.getChild("refused", DM3_NS)?.attrs["code"];
  return {
    is: "refused",
    code: typeof code === "string" ? code : null,
    sentence: error.getChildText("text") ?? "",
  };
}
