/** A whole messenger of an XMPP app, against the script of a server and a gateway, with names and profiles in a real ENS. */
import { setTimeout as delay } from "node:timers/promises";
import { parseProxyEnvelope } from "../../src/dm3/message/proxyEnvelope.js";
import {
  type DecodedMessage,
  decodeMessage,
  encodeMessage,
  type MessageContent,
} from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import {
  createXmppMessenger,
  type IncomingMessage,
  type KeyValue,
  memoryKeyValue,
  type OutgoingReport,
  type XmppMessenger,
  type XmppMessengerOptions,
  type XmppProblem,
} from "../../src/sdk/xmppNode.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { contactOf, keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { ACCOUNT, delivery, GATEWAY, ScriptedServer, type Submitted } from "./scriptedServer.js";

/** Days become seconds. */
export const HASTY = {
  ...{ deadlineMs: 60_000, refusalMs: 60_000, heldMs: 50 },
  ...{ unreachableFirstMs: 20, unreachableMostMs: 200, laterFirstMs: 20, laterMostMs: 200 },
};
export const NO_RECEIPTS = { receipts: false };

export interface Opened extends XmppMessenger {
  readonly problems: XmppProblem[];
  readonly reports: OutgoingReport[];
  /** What the loop gave so far. */
  readonly shown: IncomingMessage[];
  read(): void;
}

export interface MessengerScene {
  readonly world: NodeWorld;
  /** A new one for each test, as `store`. */
  readonly server: ScriptedServer;
  readonly store: KeyValue;
  /** How many there were: of the same number, text and time are the same. */
  texts: number;
  /** Bob's; stopped after the test. */
  readonly messenger: (more?: Partial<XmppMessengerOptions>) => Promise<Opened>;
  /** One that has read the archive. */
  readonly reading: (more?: Partial<XmppMessengerOptions>) => Promise<Opened>;
  readonly until: (holds: () => boolean | Promise<boolean>) => Promise<void>;
  /** Of Alice to Bob; another one each time. */
  readonly envelope: (text?: string, content?: MessageContent) => Promise<string>;
  /** What was shown before a message that is pushed last: when that is shown, all before it were looked at. */
  readonly mark: (one: Opened) => Promise<readonly IncomingMessage["content"][]>;
  /** What Alice reads of a submission, at her first relay node's envelope. */
  readonly readByAlice: (submitted: Submitted) => Promise<DecodedMessage>;
}

export const text = (of: string) => ({ type: "NEW", text: of });
export const problemsOf = ({ problems }: Opened) => problems.map(({ error }) => error.code);
const isMark = (content: IncomingMessage["content"]) =>
  content.type === "NEW" && content.text === "mark";

/** To be called in a `describe`. */
export function messengerScene(): MessengerScene {
  let world: NodeWorld;
  let server: ScriptedServer;
  let store: KeyValue;
  let open: Opened[];

  before(async () => {
    world = await createNodeWorld();
  });
  after(() => world.close());
  beforeEach(() => {
    server = new ScriptedServer();
    store = memoryKeyValue();
    open = [];
    scene.texts = 0;
  });
  afterEach(() => Promise.all(open.map((one) => one.stop())));

  const scene: MessengerScene = {
    get world() {
      return world;
    },
    get server() {
      return server;
    },
    get store() {
      return store;
    },
    texts: 0,
    ...{ messenger, reading, until, envelope, mark, readByAlice },
  };
  return scene;

  async function messenger(more: Partial<XmppMessengerOptions> = {}): Promise<Opened> {
    const problems: XmppProblem[] = [];
    const reports: OutgoingReport[] = [];
    const { profile, address: wallet } = people.bob;
    const created = createXmppMessenger({
      ...{ ...world.options, connection: server.connection, gateway: GATEWAY, address: ACCOUNT },
      ...{ keys: await keysOf(ENGINES.node, "bob"), wallet, store },
      profile: { profile, signature: `0x${"11".repeat(65)}` },
      ...{ patience: HASTY, answerMs: 2_000 },
      onProblem: (problem) => problems.push(problem),
      onOutgoing: (report) => reports.push(report),
      ...more,
    });
    const shown: IncomingMessage[] = [];
    const one: Opened = {
      ...{ ...created, problems, reports, shown },
      read() {
        void (async () => {
          for await (const message of created.messages()) shown.push(message);
        })();
      },
    };
    open.push(one);
    return one;
  }

  async function reading(more: Partial<XmppMessengerOptions> = {}): Promise<Opened> {
    const one = await messenger(more);
    const before = server.order().length;
    one.read();
    // the archive was read
    await until(() => server.order().slice(before).includes("query"));
    return one;
  }

  async function envelope(
    text = `text ${++scene.texts}`,
    content?: MessageContent,
  ): Promise<string> {
    const receiver = await resolveProfile("bob.eth", world.options);
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const given = content ?? { type: "NEW", text };
    const { envelopes } = await encodeMessage(
      { ...given, from: "alice.eth", to: "bob.eth", timestampMs: 1_790_000_000_000 + scene.texts },
      { keys: await keysOf(ENGINES.node, "alice"), receiver },
    );
    return JSON.stringify(envelopes[0]!.envelope);
  }

  async function mark(one: Opened): Promise<readonly IncomingMessage["content"][]> {
    server.push(delivery(await envelope("mark")));
    await until(() => one.shown.some(({ content }) => isMark(content)));
    const before = one.shown.map(({ content }) => content).filter((content) => !isMark(content));
    one.shown.length = 0;
    scene.texts++;
    return before;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error("It never came to that.");
    await delay(5);
  }
}

async function readByAlice({ envelope: proxy }: Submitted): Promise<DecodedMessage> {
  const { envelopes } = parseProxyEnvelope(proxy);
  return decodeMessage(envelopes[0]!.envelope, {
    ...{ keys: await keysOf(ENGINES.node, "alice"), ownNames: ["alice.eth"], contactOf },
  });
}
