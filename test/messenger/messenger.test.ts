/** Whole messengers against relay nodes made of dm3's own libraries. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Request, Response } from "express";
import { io } from "socket.io-client";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import {
  encodeMessage,
  memoryKeyValue,
  type MessengerOptions,
} from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { submitEnvelope } from "../../src/sending/submitEnvelope.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf, type Person } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { addressOf, createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { expectRejection } from "../expectError.js";
import { type TestMessenger, testMessenger } from "./messengerWorld.js";

const BOB = addressOf("bob");

describe("messenger", () => {
  let world: NodeWorld;
  let open: TestMessenger[];

  before(async () => {
    world = await createNodeWorld(["messageHash", "encryptedMessageHash"]);
    for (const node of world.nodes) await world.signUp("bob", node); // alice's messenger does it
  });
  after(() => world.close());
  beforeEach(() => {
    open = [];
    for (const node of world.nodes) {
      node.bend = () => false;
      node.requests.length = 0;
    }
  });
  afterEach(async () => {
    for (const one of open) await one.leave();
    // nothing is left for the next test
    const bob = await messengerOf("bob", { receipts: false });
    for await (const message of bob.messages({ follow: false })) await bob.acknowledge(message);
    await bob.stop();
    expect(world.nodes.map((node) => node.kept(BOB).length)).to.deep.equal([0, 0]);
  });

  async function messengerOf(person: Person, more: Partial<MessengerOptions> = {}) {
    const messenger = await testMessenger(world, person, more);
    open.push(messenger);
    return messenger;
  }
  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = Date.now() + 15_000;
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error("It never came to that.");
      await delay(10);
    }
  }
  const codesOf = ({ problems }: TestMessenger) => problems.map(({ error }) => error.code);
  const requestsTo = (which: 0 | 1, request: string) =>
    world.nodes[which].requests.filter((each) => each.startsWith(request)).length;

  it("signs up, signs in, and brings a conversation both ways with its receipts", async () => {
    const bob = await messengerOf("bob");
    expect(await bob.within(150)).to.deep.equal([]);
    const alice = await messengerOf("alice");
    const sent = await alice.send("bob.eth", "Hello Bob");
    expect(sent).to.include({ state: null, to: "bob.eth", from: "alice.eth" });
    expect(await alice.settled(sent.id)).to.include({ state: "accepted" });

    const hello = await bob.next();
    expect(hello).to.include({ from: "alice.eth" });
    expect(hello.content).to.deep.equal({ type: "NEW", text: "Hello Bob" });
    await bob.acknowledge(hello);
    expect(world.nodes[0].kept(BOB)).to.deep.equal([]);

    const received = await alice.next();
    expect(received.content).to.deep.equal({ type: "READ_RECEIVED", reference: hello.messageHash });
    const [report] = await alice.outgoing();
    expect(report).to.include({ state: "delivered", messageHash: hello.messageHash });
    await alice.acknowledge(received);

    await bob.markRead(hello);
    await bob.markRead(hello);
    const read = await alice.next();
    expect(read.content).to.deep.equal({ type: "READ_OPENED", reference: hello.messageHash });
    await alice.acknowledge(read);

    const attachments = [{ name: "a.txt", data: "data:text/plain;base64,aGk=" }];
    const reference = hello.messageHash;
    await bob.send("alice.eth", { type: "REPLY", text: "Hello Alice", reference, attachments });
    await bob.send("alice.eth", { type: "REACTION", text: "👋", reference });
    const reply = await alice.next();
    expect(reply.content).to.deep.equal({
      ...{ type: "REPLY", text: "Hello Alice", reference, attachments },
    });
    await alice.acknowledge(reply);
    const reaction = await alice.next();
    expect(reaction.content).to.include({ type: "REACTION", text: "👋" });
    await alice.acknowledge(reaction);
    expect(await alice.within(200), "one receipt of each kind").to.deep.equal([]);
    expect(alice.problems.concat(bob.problems)).to.deep.equal([]);
  });

  it("hands over once what both relay nodes have in several copies, and acknowledges them all", async () => {
    const keys = await keysOf(ENGINES.node, "alice");
    const receiver = await resolveProfile("bob.eth", world.options);
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const given = {
      type: "NEW",
      text: "copies",
      from: "alice.eth",
      to: "bob.eth",
      timestampMs: 7,
    } as const;
    const access = { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 3_000 };
    // the same message, each time encrypted anew
    for (const hashField of ["messageHash", "encryptedMessageHash", "messageHash"] as const) {
      const { envelopes } = await encodeMessage(given, { keys, receiver, hashField });
      const { url, envelope } = envelopes[hashField === "messageHash" ? 0 : 1]!;
      expect(await submitEnvelope(url, envelope, access)).to.include({ kind: "accepted" });
    }
    expect(world.nodes.map((node) => node.kept(BOB).length)).to.deep.equal([2, 1]);
    const bob = await messengerOf("bob", { receipts: false });
    const message = await bob.next();
    expect(message.content).to.deep.equal({ type: "NEW", text: "copies" });
    const further = bob.within(600);
    await until(() => requestsTo(0, "GET /delivery") > 2 && requestsTo(1, "GET /delivery") > 2);
    expect(await further).to.deep.equal([]);
    await bob.acknowledge(message);
    await until(() => world.nodes.every((node) => node.kept(BOB).length === 0));
  });

  it("remembers what was acknowledged, and has the late copy of it removed in silence", async () => {
    const store = memoryKeyValue();
    const alice = await messengerOf("alice", { receipts: false });
    await alice.settled((await alice.send("bob.eth", "known")).id);
    const bob = await messengerOf("bob", { receipts: false, store });
    const known = await bob.next();
    // the relay node is gone at the moment of the acknowledgement
    world.nodes[0].bend = (request, response) =>
      request.path.endsWith("/syncAcknowledgements") && Boolean(response.status(502).end());
    await bob.acknowledge(known);
    await bob.leave();
    expect(world.nodes[0].kept(BOB)).to.have.length(1);
    world.nodes[0].bend = () => false;
    const later = await messengerOf("bob", { receipts: false, store });
    const shown = later.within(400);
    await until(() => world.nodes[0].kept(BOB).length === 0);
    expect(await shown).to.deep.equal([]);
  });

  it("hands over again after a restart what was not acknowledged", async () => {
    const store = memoryKeyValue();
    const alice = await messengerOf("alice", { receipts: false });
    await alice.settled((await alice.send("bob.eth", "again")).id);
    const bob = await messengerOf("bob", { receipts: false, store });
    const first = await bob.next();
    const further = bob.within(300);
    await until(() => requestsTo(0, "GET /delivery") > 2);
    expect(await further).to.deep.equal([]);
    await bob.leave();
    const later = await messengerOf("bob", { receipts: false, store });
    const second = await later.next();
    expect(second.id).to.equal(first.id);
    await later.acknowledge(second);
  });

  it("gets messages live by socket.io, long before it would look", async () => {
    const bob = await messengerOf("bob", { io: io, pollMs: 600_000 });
    expect(await bob.within(400)).to.deep.equal([]);
    const alice = await messengerOf("alice");
    const startedMs = Date.now();
    await alice.send("bob.eth", "live");
    const message = await bob.next();
    expect(Date.now() - startedMs).to.be.below(3_000);
    expect(message.content).to.deep.equal({ type: "NEW", text: "live" });
    await bob.acknowledge(message);
    expect(await bob.within(200)).to.deep.equal([]);
  });

  const FAULTS: readonly (readonly [string, (request: Request, response: Response) => boolean])[] =
    [
      ["is down", (_request, response) => Boolean(response.destroy())],
      ["never answers", () => true],
      [
        "answers everything 200 with HTML",
        (_r, response) => Boolean(response.send("<html></html>")),
      ],
      ["answers everything 401", (_request, response) => Boolean(response.sendStatus(401))],
      ["answers everything with a list of nonsense", (_r, response) => Boolean(response.json([1]))],
    ];
  for (const [name, fault] of FAULTS) {
    it(`sends and receives as ever while one of two relay nodes ${name}`, async () => {
      world.nodes[0].bend = fault;
      const alice = await messengerOf("alice", { receipts: false });
      await alice.settled((await alice.send("bob.eth", name)).id);
      const bob = await messengerOf("bob", { receipts: false });
      const message = await bob.next();
      expect(message.content).to.deep.equal({ type: "NEW", text: name });
      await bob.acknowledge(message);
    });
  }

  it("does not storm a relay node that answers 401 to every token", async () => {
    const bob = await messengerOf("bob", { io: io, pollMs: 10 });
    world.nodes[0].bend = (request, response) =>
      /^\/delivery/.test(request.path) && Boolean(response.sendStatus(401));
    const reading = bob.within(1_500);
    await until(() => codesOf(bob).includes("SIGN_IN_REFUSED"));
    await reading;
    expect(requestsTo(0, "GET /delivery")).to.equal(2);
    expect(requestsTo(0, "POST /auth")).to.be.at.most(3);
    world.nodes[0].bend = () => false;
  });

  it("gets a fresh token where one ran out, once", async () => {
    const bob = await messengerOf("bob", { receipts: false });
    const reading = bob.within(1_500);
    await until(() => requestsTo(0, "GET /delivery") > 1);
    let refusals = 0;
    world.nodes[0].bend = (request, response) =>
      /^\/delivery/.test(request.path) && refusals++ === 0 && Boolean(response.sendStatus(401));
    const before = requestsTo(0, "POST /auth");
    await until(() => refusals > 3);
    await reading;
    expect(requestsTo(0, "POST /auth") - before).to.equal(1);
    expect(bob.problems).to.deep.equal([]);
  });

  it("neither shows nor acknowledges what fails a check, and says which", async () => {
    const alice = await messengerOf("alice", { receipts: false });
    await alice.settled((await alice.send("bob.eth", "genuine")).id);
    const [kept] = world.nodes[0].kept(BOB);
    const genuine = JSON.parse(JSON.stringify(kept)) as typeof kept;
    (kept!.metadata as unknown as { messageHash: string }).messageHash = `0x${"00".repeat(32)}`;
    const bob = await messengerOf("bob", { receipts: false });
    const shown = bob.within(400);
    await until(() => bob.problems.length > 0);
    expect(await shown).to.deep.equal([]);
    expect(codesOf(bob)).to.deep.equal(["WRONG_HASH"]);
    expect(world.nodes[0].kept(BOB)).to.have.length(1);
    Object.assign(kept!, genuine);
    const message = await bob.next();
    expect(message.content).to.deep.equal({ type: "NEW", text: "genuine" });
    await bob.acknowledge(message);
  });

  it("reads with earlier keys, and keeps what it cannot decrypt at the relay node", async () => {
    const alice = await messengerOf("alice", { receipts: false });
    await alice.settled((await alice.send("bob.eth", "old key")).id);
    const mallory = await keysOf(ENGINES.node, "mallory");
    const oldKeys = await keysOf(ENGINES.node, "bob");
    await world.publish("bob", {
      ...people.mallory.profile,
      deliveryServices: ["ds.example.eth"],
    });
    const without = await messengerOf("bob", { keys: mallory, receipts: false });
    const shown = without.within(400);
    await until(() => without.problems.length > 0);
    expect(await shown).to.deep.equal([]);
    expect(codesOf(without)).to.deep.equal(["NOT_FOR_THIS_KEY"]);
    await without.leave();
    const withEarlier = await messengerOf("bob", {
      ...{ keys: mallory, earlierKeys: [oldKeys], receipts: false },
    });
    const message = await withEarlier.next();
    expect(message.content).to.deep.equal({ type: "NEW", text: "old key" });
    await withEarlier.acknowledge(message);
    await world.publish("bob");
  });

  it("says so where the profile shows other keys than it has", async () => {
    const bob = await messengerOf("bob", { keys: await keysOf(ENGINES.node, "mallory") });
    const reading = bob.within(300);
    await until(() => bob.problems.length > 0);
    await reading;
    expect(bob.problems[0]!.error.code).to.equal("OTHER_KEYS");
    expect(world.nodes[0].requests).to.deep.equal([]);
  });

  it("holds a message to somebody without a profile, and takes it back when asked", async () => {
    const alice = await messengerOf("alice");
    const { id } = await alice.send("nobody.eth", "are you there?");
    expect(await alice.settled(id)).to.include({ state: null, mark: "held" });
    expect(await alice.withdraw(id)).to.equal(true);
    expect(await alice.outgoing()).to.deep.equal([]);
    await expectRejection(alice.settled(id), "NOT_FOUND", /no outgoing message/);
  });

  it("ends after what waits now, where it is not to follow", async () => {
    const alice = await messengerOf("alice", { receipts: false });
    await alice.settled((await alice.send("bob.eth", "one")).id);
    world.nodes[1].bend = (_request, response) => Boolean(response.destroy());
    const bob = await messengerOf("bob", { receipts: false });
    const texts: unknown[] = [];
    for await (const message of bob.messages({ follow: false })) {
      texts.push(message.content);
      await bob.acknowledge(message);
    }
    expect(texts).to.deep.equal([{ type: "NEW", text: "one" }]);
    const told = new Set(bob.problems.map(({ relayNode }) => relayNode));
    expect([...told]).to.deep.equal(["fallback-ds.example.eth"]);
    const other = await messengerOf("bob", { keys: await keysOf(ENGINES.node, "mallory") });
    await expectRejection(other.messages({ follow: false }).next(), "OTHER_KEYS", /other keys/);
  });

  it("says at once what is no receiver, no message and no key", async () => {
    const alice = await messengerOf("alice");
    for (const [to, sentence] of [
      [undefined, /name is missing/],
      ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", /an Ethereum address/],
      ["bob@example.eth", /an email address/],
    ] as const) {
      await expectRejection(alice.send(to as string, "x"), "INVALID_NAME", sentence);
    }
    const noText = { type: "NEW" } as never;
    await expectRejection(alice.send("bob.eth", noText), "INVALID_REQUEST", /text must be a text/);
    expect(await alice.outgoing()).to.deep.equal([]);
    for (const keys of [undefined, people.bob.keys]) {
      const wrong = messengerOf("bob", { keys: keys as never });
      await expectRejection(wrong, "INVALID_REQUEST", /openMessageKeys/);
    }
  });

  it("refuses a second loop, and ends with the signal", async () => {
    const bob = await messengerOf("bob");
    await bob.within(50);
    await expectRejection(bob.messages().next(), "INVALID_REQUEST", /Another loop/);
    await bob.leave();
    const signal = AbortSignal.timeout(100);
    const again = await testMessenger(world, "bob");
    for await (const message of again.messages({ signal })) await again.acknowledge(message);
    await again.stop();
    // as soon as nothing is under way any more; a loop that went on would ask every 50 ms
    let before = -1;
    await until(async () => {
      const isSilent = world.nodes[0].requests.length === before;
      before = world.nodes[0].requests.length;
      if (!isSilent) await delay(400);
      return isSilent;
    });
  });
});
