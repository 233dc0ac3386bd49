/** A whole messenger of an XMPP app, against the script of a server and a gateway, with names and profiles in a real ENS. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { parseProxyEnvelope } from "../../src/dm3/message/proxyEnvelope.js";
import { assertLinkOf, parseAddressLink } from "../../src/dm3/statement/addressLink.js";
import { decodeMessage, encodeMessage, type MessageContent } from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import {
  askXmppGateway,
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
import { expectError, expectRejection } from "../expectError.js";
import {
  ACCOUNT,
  ALICE,
  carbon,
  delivery,
  GATEWAY,
  ScriptedServer,
  sha256,
  type Submitted,
  xml,
} from "./scriptedServer.js";

/** Days become seconds. */
const HASTY = {
  ...{ deadlineMs: 60_000, refusalMs: 60_000, heldMs: 50 },
  ...{ unreachableFirstMs: 20, unreachableMostMs: 200, laterFirstMs: 20, laterMostMs: 200 },
};
const NO_RECEIPTS = { receipts: false };

describe("the messenger for XMPP apps", () => {
  let world: NodeWorld;
  let server: ScriptedServer;
  let store: KeyValue;
  let open: Opened[];
  let texts: number;

  interface Opened extends XmppMessenger {
    readonly problems: XmppProblem[];
    readonly reports: OutgoingReport[];
    /** What the loop gave so far. */
    readonly shown: IncomingMessage[];
    read(): void;
  }

  before(async () => {
    world = await createNodeWorld();
  });
  after(() => world.close());
  beforeEach(() => {
    server = new ScriptedServer();
    store = memoryKeyValue();
    open = [];
    texts = 0;
  });
  afterEach(() => Promise.all(open.map((one) => one.stop())));

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

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = Date.now() + 30_000;
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error("It never came to that.");
      await delay(5);
    }
  }

  /** Of Alice to Bob; another one each time. */
  async function envelope(text = `text ${++texts}`, content?: MessageContent): Promise<string> {
    const receiver = await resolveProfile("bob.eth", world.options);
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const given = content ?? { type: "NEW", text };
    const { envelopes } = await encodeMessage(
      { ...given, from: "alice.eth", to: "bob.eth", timestampMs: 1_790_000_000_000 + texts },
      { keys: await keysOf(ENGINES.node, "alice"), receiver },
    );
    return JSON.stringify(envelopes[0]!.envelope);
  }

  /** Pushed last: when it is shown, all before it were looked at. */
  async function mark(one: Opened): Promise<readonly IncomingMessage["content"][]> {
    server.push(delivery(await envelope("mark")));
    await until(() => one.shown.some(({ content }) => isMark(content)));
    const before = one.shown.map(({ content }) => content).filter((content) => !isMark(content));
    one.shown.length = 0;
    texts++;
    return before;
  }
  const isMark = (content: IncomingMessage["content"]) =>
    content.type === "NEW" && content.text === "mark";
  const text = (of: string) => ({ type: "NEW", text: of });
  const problemsOf = ({ problems }: Opened) => problems.map(({ error }) => error.code);

  /** What Alice reads of a submission, at her first relay node's envelope. */
  async function readByAlice({ envelope: proxy }: Submitted) {
    const { envelopes } = parseProxyEnvelope(proxy);
    return decodeMessage(envelopes[0]!.envelope, {
      ...{ keys: await keysOf(ENGINES.node, "alice"), ownNames: ["alice.eth"], contactOf },
    });
  }

  describe("at the start", () => {
    it("asks the gateway for its relay node, and the name that it gives", async () => {
      const { connection } = server;
      const asked = await askXmppGateway({ connection, gateway: GATEWAY, address: ACCOUNT });
      expect(asked).to.deep.equal({
        ...{ relayNode: "ds.example.eth", name: "bob.eth", sizeLimit: 100_000 },
      });
      server.answers = () => false;
      const unanswered = askXmppGateway({
        ...{ connection, gateway: GATEWAY, address: ACCOUNT, answerMs: 20 },
      });
      await expectRejection(unanswered, "UNREACHABLE", /no answer came/);
    });

    it("links by a signature of the profile's key over address, name and relay node, each later", async () => {
      const bob = await messenger();
      await until(() => server.links.length === 1);
      expect(await bob.link()).to.deep.equal({ name: "bob.eth" });
      const [first, second] = server.links.map((json) => parseAddressLink(json));
      assertLinkOf({ address: ACCOUNT, relayNode: "ds.example.eth" }, first!);
      assertLinkOf({ address: ACCOUNT, relayNode: "ds.example.eth" }, second!);
      expect(second!.signedAtSec).to.be.above(first!.signedAtSec);
      expect(second).to.include({ name: "bob.eth", wallet: people.bob.address });
      expectError(
        () => {
          assertLinkOf({ address: "eve@chat.example", relayNode: "ds.example.eth" }, first!);
        },
        "WRONG_SIGNER",
        /not signed/,
      );
    });

    it("turns carbons on, then shows presence, then reads the archive from where it stood", async () => {
      server.archive.push({ id: "a1", message: delivery(await envelope("one")) });
      const bob = await reading(NO_RECEIPTS);
      const order = server.order();
      const places = ["enable", "presence", "query"].map((step) => order.lastIndexOf(step));
      expect(places, order.join()).to.deep.equal([...places].sort((a, b) => a - b));
      await until(() => server.order().includes("subscribe"));
      const subscribed = server.sent.find(({ attrs }) => attrs["type"] === "subscribe");
      expect(subscribed?.attrs["to"]).to.equal("dm3.chat.example");
      await until(() => bob.shown.length === 1);
      await bob.acknowledge(bob.shown[0]!);
      await bob.stop();
      server.sent.length = 0;
      await reading(NO_RECEIPTS);
      const query = server.sent.find(
        ({ children: [of] }) => typeof of === "object" && of.name === "query",
      );
      expect(JSON.stringify(query)).to.include('"after","attrs":{},"children":["a1"]');
    });

    it("reads the archive page by page, beside what is none of DM3's", async () => {
      for (const id of ["a1", "a2", "a3", "a4", "a5"]) {
        const isNative = id === "a2";
        const native = xml(
          "message",
          { type: "chat", from: "eve@chat.example" },
          xml("body", {}, "hi"),
        );
        const message = isNative ? native : delivery(await envelope(id));
        server.archive.push({ id, message });
      }
      const bob = await reading();
      await until(() => bob.shown.length === 4);
      expect(bob.shown.map(({ content }) => content)).to.deep.equal(
        ["a1", "a3", "a4", "a5"].map(text),
      );
    });

    it("reads again in the next loop what was not acknowledged, also where a later one was", async () => {
      for (const id of ["a1", "a2", "a3"]) {
        server.archive.push({ id, message: delivery(await envelope(id)) });
      }
      const bob = await reading(NO_RECEIPTS);
      await until(() => bob.shown.length === 3);
      await bob.acknowledge(bob.shown[0]!);
      await bob.acknowledge(bob.shown[2]!);
      await bob.stop();
      const later = await reading(NO_RECEIPTS);
      expect(await mark(later)).to.deep.equal([text("a2")]);
    });
  });

  describe("receives", () => {
    it("one envelope live, as a carbon, from the archive and again from the gateway: once", async () => {
      const sent = delivery(await envelope("copies"));
      server.archive.push({ id: "a1", message: sent });
      const bob = await reading(NO_RECEIPTS);
      server.push(sent);
      server.push(carbon(sent));
      server.push(sent);
      // the same message, encrypted anew
      texts = 0;
      server.push(delivery(await envelope("copies")));
      expect(await mark(bob)).to.deep.equal([text("copies")]);
      expect(bob.problems).to.deep.equal([]);
    });

    it("tells the gateway when the app keeps it, and again for each copy that comes live after that", async () => {
      const bob = await reading(NO_RECEIPTS);
      const sent = await envelope("kept");
      server.push(delivery(sent));
      await until(() => bob.shown.length === 1);
      expect(server.told("accepted")).to.deep.equal([]);
      const told = { to: ALICE, hash: sha256(sent) };
      await bob.acknowledge(bob.shown[0]!);
      expect(server.told("accepted")).to.deep.equal([told]);
      server.push(carbon(delivery(sent)));
      server.push(delivery(sent));
      await until(() => server.told("accepted").length > 1);
      await mark(bob);
      expect(server.told("accepted")).to.deep.equal([told, told]);
      const [accepted] = server.sent.filter(({ attrs }) => attrs["id"] === `accepted-${told.hash}`);
      expect(JSON.stringify(accepted)).to.include('"number":"7"').and.include("no-copy");
    });

    it("accepts what was kept before a crash that came before the gateway was told", async () => {
      const bob = await reading(NO_RECEIPTS);
      const sent = await envelope("crash");
      server.push(delivery(sent));
      await until(() => bob.shown.length === 1);
      // the connection is gone at the moment of the acceptance
      server.setOnline(false);
      await bob.acknowledge(bob.shown[0]!);
      await bob.stop();
      expect(server.told("accepted")).to.deep.equal([]);
      server.setOnline(true);
      const later = await reading(NO_RECEIPTS);
      server.push(delivery(sent));
      expect(await mark(later)).to.deep.equal([]);
      expect(server.told("accepted")).to.deep.equal([{ to: ALICE, hash: sha256(sent) }]);
    });

    it("no message in an error, whatever stands in it", async () => {
      const bob = await reading();
      const sent = await envelope("bounced");
      server.push(delivery(sent, { type: "error" }));
      server.push(carbon(delivery(sent, { type: "error" })));
      expect(await mark(bob)).to.deep.equal([]);
    });

    it("no carbon that somebody else made up, and none of the archive", async () => {
      const bob = await reading();
      const sent = delivery(await envelope("forged"));
      for (const from of [
        "eve@chat.example",
        GATEWAY,
        ALICE,
        "chat.example",
        `${ACCOUNT}.evil.example`,
      ]) {
        server.push(carbon(sent, from));
      }
      const forwardedIn = carbon(sent).children[0]!;
      const result = xml(
        "result",
        { xmlns: "urn:xmpp:mam:2", id: "x", queryid: "guessed" },
        forwardedIn,
      );
      server.push(xml("message", { from: ACCOUNT }, result));
      server.push(xml("message", { from: "eve@chat.example" }, result));
      expect(await mark(bob)).to.deep.equal([]);
      server.push(carbon(sent));
      expect(await mark(bob)).to.deep.equal([text("forged")]);
    });

    it("nothing from another host than the gateway's", async () => {
      const bob = await reading();
      const sent = await envelope("foreign");
      const hosts = [
        "chat.example",
        "evil.example",
        `${GATEWAY}.evil.example`,
        "x.dm3.chat.example",
      ];
      for (const host of hosts) server.push(delivery(sent, { from: `alice.eth@${host}` }));
      server.push(delivery(sent, { from: "eve@chat.example/dm3.chat.example" }));
      server.push(delivery(sent, { from: GATEWAY }));
      expect(await mark(bob)).to.deep.equal([]);
      server.push(delivery(sent));
      expect(await mark(bob)).to.deep.equal([text("foreign")]);
    });

    it("no envelope that is not the one of its hash, and says so", async () => {
      const bob = await reading();
      const sent = await envelope("hash");
      const whole = delivery(sent);
      const hash = `"hash":"${sha256(sent)}"`;
      const altered = JSON.parse(
        JSON.stringify(whole).replace(hash, `"hash":"${sha256("another")}"`),
      ) as typeof whole;
      server.push(altered);
      expect(await mark(bob)).to.deep.equal([]);
      expect(problemsOf(bob)).to.deep.equal(["ENVELOPE_MALFORMED"]);
      expect(server.told("accepted")).to.deep.equal([]);
    });

    it("what cannot be read is told to the app, and not accepted", async () => {
      const bob = await reading();
      const { message, metadata } = JSON.parse(await envelope()) as Record<string, object>;
      const other = JSON.stringify({
        message,
        metadata: { ...metadata, messageHash: `0x${"00".repeat(32)}` },
      });
      server.push(delivery(other));
      server.push(delivery("nonsense"));
      expect(await mark(bob)).to.deep.equal([]);
      expect(problemsOf(bob)).to.deep.equal(["WRONG_HASH", "ENVELOPE_MALFORMED"]);
      expect(bob.problems.map((one) => one.envelope)).to.deep.equal([other, "nonsense"]);
      expect(bob.problems[0]!.from).to.equal(ALICE);
      expect(server.told("accepted")).to.deep.equal([]);
    });

    it("what is from somebody who cannot be looked up now, as soon as that can be", async () => {
      let isDown = true;
      const { rpc } = world.options as { rpc: { request: (of: unknown) => Promise<unknown> } };
      const request = (of: unknown) =>
        isDown ? Promise.reject(new Error("down")) : rpc.request(of);
      const bob = await reading({ ...NO_RECEIPTS, rpc: { request } as never });
      server.push(delivery(await envelope("later")));
      await until(() => problemsOf(bob).includes("UNREACHABLE"));
      isDown = false;
      await until(() => bob.shown.length === 1);
      expect(bob.shown[0]!.content).to.deep.equal(text("later"));
    });

    it("more than it can hold: what was left out is asked for again", async () => {
      const bob = await messenger(NO_RECEIPTS);
      const all: string[] = [];
      for (let index = 0; index < 5; index++) all.push(await envelope(`many ${index}`));
      const loop = bob.messages();
      const first = loop.next();
      await until(() => server.order().includes("query"));
      // 600 of them wait at once, of which 500 may
      const flood = Array.from({ length: 600 }, (_, index) => all[Math.floor(index / 150)]!);
      for (const one of flood) server.push(delivery(one));
      server.archive.push({ id: "a1", message: delivery(all[4]!) });
      server.push(delivery(all[4]!));
      const shown = [(await first).value, ...[]] as IncomingMessage[];
      for (let index = 1; index < 5; index++)
        shown.push((await loop.next()).value as IncomingMessage);
      const { content } = shown.at(-1)!;
      expect(content).to.deep.equal(text("many 4"));
      await loop.return();
    });
  });

  describe("sends", () => {
    it("for all of the receiver's relay nodes in one proxy envelope, and says accepted when the gateway does", async () => {
      let submitted: Submitted | null = null;
      server.onSubmit = (one) => (submitted = one);
      const bob = await messenger();
      const { id } = await bob.send("alice.eth", "Grüße 👋");
      await until(() => submitted !== null);
      const one = submitted as unknown as Submitted;
      expect(one.to).to.equal(ALICE);
      expect(one.hash).to.equal(sha256(one.envelope));
      expect(one.envelope).to.match(/^[ -~]*$/);
      const relayNodes = people.alice.profile.deliveryServices;
      expect(
        parseProxyEnvelope(one.envelope).envelopes.map(({ relayNode }) => relayNode),
      ).to.deep.equal(relayNodes);
      const read = await readByAlice(one);
      expect(read).to.include({ from: "bob.eth", to: "alice.eth" });
      expect(read.content).to.deep.equal(text("Grüße 👋"));
      // a receipt of the server is no acceptance, nor is what somebody else says
      const accepted = xml("accepted", { xmlns: "urn:dm3:xmpp:1", hash: one.hash });
      const received = xml("received", { xmlns: "urn:xmpp:receipts", id: one.id });
      server.push(xml("message", { from: ALICE, id: "r" }, received));
      server.push(xml("message", { from: "alice.eth@evil.example", id: one.id }, accepted));
      server.push(xml("message", { from: `mallory.eth@${GATEWAY}`, id: one.id }, accepted));
      server.push(carbon(xml("message", { from: ALICE, id: one.id }, accepted)));
      await delay(50);
      expect((await bob.outgoing())[0]).to.include({ state: null });
      server.accept(one);
      expect(await bob.settled(id)).to.include({ state: "accepted", acceptedBy: "ds.example.eth" });
    });

    it("the same bytes again, by the same stanza, until it hears that they are accepted", async () => {
      server.onSubmit = () => undefined;
      const bob = await messenger({ answerMs: 50 });
      const { id } = await bob.send("alice.eth", "lost");
      await until(() => server.submissions().length > 2);
      server.onSubmit = (one) => {
        server.accept(one);
      };
      expect(await bob.settled(id)).to.include({ state: "accepted" });
      expect(new Set(server.submissions().map((one) => JSON.stringify(one))).size).to.equal(1);
    });

    it("the same bytes after a crash between submission and acceptance", async () => {
      server.onSubmit = () => undefined;
      const bob = await messenger();
      const { id } = await bob.send("alice.eth", "crash");
      await until(() => server.submissions().length === 1);
      await bob.stop();
      server.onSubmit = (one) => {
        server.accept(one);
      };
      const later = await messenger();
      expect(await later.settled(id)).to.include({ state: "accepted" });
      expect(new Set(server.submissions().map((one) => JSON.stringify(one))).size).to.equal(1);
    });

    it("again as soon as the connection is back, however long the pause was to be", async () => {
      server.onSubmit = (one) => {
        server.refuse(one, "remote-server-timeout");
      };
      const slow = { unreachableFirstMs: 600_000, unreachableMostMs: 600_000 };
      const bob = await messenger({ patience: { ...HASTY, ...slow } });
      const { id } = await bob.send("alice.eth", "back");
      await until(async () => (await bob.outgoing())[0]!.why?.sentence === "remote-server-timeout");
      server.setOnline(false);
      const second = await bob.send("alice.eth", "while offline");
      await until(async () => /no connection/.test((await bob.outgoing())[1]!.why?.sentence ?? ""));
      server.onSubmit = (one) => {
        server.accept(one);
      };
      server.setOnline(true);
      expect(await bob.settled(id)).to.include({ state: "accepted" });
      expect(await bob.settled(second.id)).to.include({ state: "accepted" });
      expect(server.links.length, "linked again").to.be.at.least(2);
    });

    for (const condition of ["remote-server-timeout", "remote-server-not-found", "forbidden"]) {
      it(`again where a server answers ${condition} in the gateway's place`, async () => {
        let refusals = 0;
        server.onSubmit = (one) => {
          if (refusals++ < 2) server.refuse(one, condition);
          else server.accept(one);
        };
        const bob = await messenger();
        const { id } = await bob.send("alice.eth", condition);
        expect(await bob.settled(id)).to.include({ state: "accepted" });
        expect(server.submissions()).to.have.length(3);
      });
    }

    for (const [condition, code, reason] of [
      ["not-acceptable", "ENVELOPE_MALFORMED", "malformed"],
      ["policy-violation", "ENVELOPE_TOO_LARGE", "too-large"],
      ["item-not-found", "NOT_FOUND", "no-profile"],
    ] as const) {
      it(`not again what the gateway refuses by ${code}, which nobody else can do`, async () => {
        server.onSubmit = (one) => {
          server.refuse(one, "item-not-found", "NOT_FOUND", "alice.eth@evil.example");
          server.refuse(one, "item-not-found", "NOT_FOUND", `mallory.eth@${GATEWAY}`);
          server.refuse({ ...one, id: "another" }, "item-not-found", "NOT_FOUND");
          setTimeout(() => {
            server.refuse(one, condition, code);
          }, 20);
        };
        const bob = await messenger();
        const { id } = await bob.send("alice.eth", "refused");
        const report = await bob.settled(id);
        expect(report).to.include({ state: "refused" });
        expect(report.why).to.include({ reason });
        expect(server.submissions()).to.have.length(1);
      });
    }

    it("after a link, where the gateway does not know the account any more", async () => {
      let refusals = 0;
      server.onSubmit = (one) => {
        if (refusals++ === 0) server.refuse(one, "registration-required", "NOT_LINKED");
        else server.accept(one);
      };
      const bob = await messenger();
      const { id } = await bob.send("alice.eth", "linked");
      expect(await bob.settled(id)).to.include({ state: "accepted" });
      expect(server.links).to.have.length(2);
    });

    it("nothing that is larger than the gateway takes", async () => {
      server.greeting = { ...server.greeting, "size-limit": "2000" };
      const bob = await messenger();
      const { id } = await bob.send("alice.eth", "x".repeat(2_000));
      const report = await bob.settled(id);
      expect(report).to.include({ state: "refused" });
      expect(report.why).to.include({ reason: "too-large" });
      expect(server.submissions()).to.deep.equal([]);
    });

    it("later to somebody who has no profile yet", async () => {
      const bob = await messenger();
      const { id } = await bob.send("nobody.eth", "are you there?");
      expect(await bob.settled(id)).to.include({ state: null, mark: "held" });
      expect(server.submissions()).to.deep.equal([]);
      expect(await bob.withdraw(id)).to.equal(true);
    });

    it("believes an acceptance that comes late", async () => {
      server.onSubmit = () => undefined;
      const slow = { unreachableFirstMs: 600_000, unreachableMostMs: 600_000 };
      const bob = await messenger({ answerMs: 50, patience: { ...HASTY, ...slow } });
      const { id } = await bob.send("alice.eth", "late");
      await until(async () => /no answer/.test((await bob.outgoing())[0]!.why?.sentence ?? ""));
      server.accept(server.submissions()[0]!);
      expect(await bob.settled(id)).to.include({ state: "accepted" });
    });
  });

  describe("after the gateway accepted", () => {
    async function accepted(bob: Opened, content = "end"): Promise<string> {
      const { id } = await bob.send("alice.eth", content);
      expect(await bob.settled(id)).to.include({ state: "accepted" });
      return id;
    }
    const stateOf = async (bob: Opened, id: string) =>
      (await bob.outgoing()).find((one) => one.id === id);

    it("says why it could not be delivered, and that it knows, also when it is said again", async () => {
      const bob = await messenger();
      const id = await accepted(bob);
      const [submitted] = server.submissions();
      for (const times of [1, 2]) {
        server.fail(submitted!, "no-account");
        await until(() => server.told("noted").length === times);
      }
      const report = await stateOf(bob, id);
      expect(report).to.include({ state: "refused" });
      expect(report!.why).to.deep.equal({
        reason: "no-account",
        sentence: "A sentence of the gateway.",
      });
      expect(server.told("noted")[0]).to.deep.equal({ to: ALICE, hash: submitted!.hash });
    });

    it("says nothing of what another device submitted", async () => {
      const bob = await messenger();
      const id = await accepted(bob);
      const [submitted] = server.submissions();
      server.fail({ ...submitted!, hash: sha256("another device's") }, "no-account");
      server.fail({ ...submitted!, to: `mallory.eth@${GATEWAY}` }, "no-account");
      server.fail({ ...submitted!, to: "alice.eth@evil.example" }, "no-account");
      await delay(50);
      expect(server.told("noted")).to.deep.equal([]);
      expect(await stateOf(bob, id)).to.include({ state: "accepted" });
    });

    it("seals anew and submits once where a key was wrong", async () => {
      const bob = await messenger();
      const id = await accepted(bob, "key");
      const [first] = server.submissions();
      server.fail(first!, "wrong-key");
      server.fail(first!, "wrong-key");
      await until(() => server.submissions().length === 2 && server.told("noted").length === 2);
      const [, second] = server.submissions();
      expect(second!.hash).not.to.equal(first!.hash);
      const [before, after] = [await readByAlice(first!), await readByAlice(second!)];
      expect(after.content).to.deep.equal(text("key"));
      expect(after.messageHash, "the same message").to.equal(before.messageHash);
      expect(await stateOf(bob, id)).to.include({ state: "accepted" });
      expect(await bob.outgoing(), "one message for the app").to.have.length(1);
      server.fail(second!, "wrong-key");
      await until(async () => (await stateOf(bob, id))!.state === "refused");
      expect((await stateOf(bob, id))!.why).to.include({ reason: "wrong-key" });
      expect(server.submissions()).to.have.length(2);
      expect(new Set(bob.reports.map((one) => one.id))).to.deep.equal(new Set([id]));
    });

    it("says delivered when the receiver's app does, and keeps what was said no longer", async () => {
      const bob = await reading();
      const id = await accepted(bob, "a secret of Bob");
      const said = async () => JSON.stringify(await store.entries("")).includes("a secret of Bob");
      expect(await said()).to.equal(true);
      const { messageHash: reference } = (await stateOf(bob, id))!;
      // somebody else's receipt counts nothing; the receiver's does
      server.push(delivery(await envelope("", { type: "READ_RECEIVED", reference: reference! })));
      await until(async () => (await stateOf(bob, id))!.state === "delivered");
      await until(async () => !(await said()));
      server.fail(server.submissions()[0]!, "no-account");
      await until(() => server.told("noted").length === 1);
      expect(await stateOf(bob, id)).to.include({ state: "delivered" });
    });

    it("sends a receipt for what the app keeps, once", async () => {
      const bob = await reading();
      const sent = delivery(await envelope("receipt"));
      server.push(sent);
      await until(() => bob.shown.length === 1);
      const [message] = bob.shown;
      await bob.acknowledge(message!);
      await bob.acknowledge(message!);
      await until(() => server.submissions().length === 1);
      const { content } = await readByAlice(server.submissions()[0]!);
      expect(content).to.deep.equal({ type: "READ_RECEIVED", reference: message!.messageHash });
      await mark(bob);
      expect(server.submissions()).to.have.length(1);
    });
  });

  it("knows contacts by their names", async () => {
    const bob = await messenger();
    expect(bob.contactOf("Alice.eth")).to.equal(ALICE);
    expect(bob.nameOfContact(`${ALICE}/any`)).to.equal("alice.eth");
    const jid = bob.contactOf("jürgen.eth");
    expect(jid).to.match(/^x-[a-z2-7]+@dm3\.chat\.example$/);
    expect(bob.nameOfContact(jid)).to.equal("jürgen.eth");
    for (const other of ["eve@chat.example", GATEWAY, `x-aaaa@${GATEWAY}`, ""]) {
      expect(bob.nameOfContact(other), other).to.equal(null);
    }
    expectError(() => bob.contactOf("bob@chat.example"), "INVALID_NAME", /an email address/);
  });

  it("says at once what is wrong with its options, and refuses a second loop", async () => {
    await expectRejection(messenger({ address: "bob" }), "INVALID_REQUEST", /has no @/);
    await expectRejection(messenger({ gateway: "a b" }), "INVALID_REQUEST", /no host name/);
    await expectRejection(messenger({ keys: {} as never }), "INVALID_REQUEST", /openMessageKeys/);
    const bob = await reading();
    await expectRejection(bob.messages().next(), "INVALID_REQUEST", /Another loop/);
  });

  it("tells why the gateway does not link, and tries again", async () => {
    server.greeting = { "relay-node": "ds.example.eth", "size-limit": "100000" };
    const bob = await messenger();
    await until(() => bob.problems.length > 0);
    expect(problemsOf(bob)).to.deep.equal(["INVALID_REQUEST"]);
    expect(bob.problems[0]!.error.message).to.match(/gives this account no ENS name/);
    server.greeting = { ...server.greeting, name: "bob.eth" };
    await until(() => server.links.length === 1);
  });
});
