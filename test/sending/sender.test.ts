/** Sending against relay nodes made of dm3's own libraries: one that knows each name of the hash, and broken in many ways. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Request, Response } from "express";
import { deriveProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import { decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import { messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { keyValueOutbox } from "../../src/sending/keyValueOutbox.js";
import type { Outbox } from "../../src/sending/outbox.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { addressOf, createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { isOver, startTestSender, type TestSender } from "./sendingWorld.js";

const BOB = addressOf("bob");
const submits = (requests: readonly string[]) =>
  requests.filter((request) => request === "POST /rpc").length;

/** As our relay node has them, by DM3's specification. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{ NO_ACCOUNT: -32001, MAILBOX_FULL: -32005, UNWANTED: -32050 },
};

/** Answers submits alone. */
const submitting =
  (answer: (response: Response) => unknown) =>
  (request: Request, response: Response): boolean => {
    if (request.path !== "/rpc") return false;
    answer(response);
    return true;
  };

describe("sending", () => {
  let world: NodeWorld;
  let sender: TestSender;

  before(async () => {
    // one knows npm's name of the hash, the other git head's
    world = await createNodeWorld(["messageHash", "encryptedMessageHash"]);
    for (const node of world.nodes) await world.signUp("bob", node);
  });
  after(() => world.close());
  beforeEach(async () => {
    for (const node of world.nodes) {
      node.bend = () => false;
      node.requests.length = 0;
    }
    sender = await startTestSender(world);
  });
  afterEach(async () => {
    await sender.stop();
    expect(sender.failures).to.deep.equal([]);
  });

  const keptBy = (which: 0 | 1, hash: string | null) =>
    world.nodes[which].kept(BOB).filter((envelope) => JSON.stringify(envelope).includes(hash!));

  it("brings a message to the first relay node, and bob reads it with every check", async () => {
    await sender.write("first", { type: "NEW", text: "Hello Bob" });
    const { state, acceptedBy, messageHash, given, sealed } = await sender.until("first", isOver);
    expect({ state, acceptedBy }).to.deep.equal({
      state: "accepted",
      acceptedBy: "ds.example.eth",
    });
    expect({ given, sealed }, "kept no longer than needed").to.deep.equal({
      given: null,
      sealed: null,
    });
    expect(submits(world.nodes[1].requests)).to.equal(0);
    const [envelope] = keptBy(0, messageHash);
    const read = await decodeMessage(envelope, {
      keys: await keysOf(ENGINES.node, "bob"),
      ownNames: ["bob.eth"],
      contactOf: async (name) => {
        const outcome = await resolveProfile(name, world.options);
        return outcome.status === "found" ? outcome : null;
      },
    });
    expect(read.content).to.deep.equal({ type: "NEW", text: "Hello Bob" });
    expect(read.messageHash).to.equal(messageHash);
  });

  it("looks once for each message, and once a second for what is due later", async () => {
    await sender.stop();
    const asked = { lease: 0, nextDueMs: 0 };
    const outbox = keyValueOutbox(memoryKeyValue());
    const counting: Outbox = {
      ...outbox,
      lease: (...args) => (asked.lease++, outbox.lease(...args)),
      nextDueMs: () => (asked.nextDueMs++, outbox.nextDueMs()),
    };
    sender = await startTestSender(world, { outbox: counting });
    const startMs = Date.now();
    for (let index = 0; index < 20; index++) {
      await sender.write(`quick ${index}`);
      await sender.until(`quick ${index}`, isOver);
    }
    const seconds = Math.ceil((Date.now() - startMs) / 1_000);
    expect(asked.lease).to.be.within(20, 22 + seconds);
    expect(asked.nextDueMs).to.be.most(2 + seconds);
  });

  it("does not look again and again for what was due when it asked", async () => {
    await sender.stop();
    const outbox = keyValueOutbox(memoryKeyValue());
    let leases = 0;
    const racing: Outbox = {
      ...outbox,
      lease: (...args) => (leases++, outbox.lease(...args)),
      // as if something came between the two questions each time
      nextDueMs: async () => {
        await outbox.nextDueMs();
        return leases === 1 ? Date.now() : null;
      },
    };
    sender = await startTestSender(world, { outbox: racing });
    await delay(300);
    expect(leases).to.be.most(3);
  });

  it("signs once more under the other name of the hash for a node that knows that alone", async () => {
    world.nodes[0].bend = submitting((response) => void response.status(503).end());
    await sender.write("npm");
    const { acceptedBy } = await sender.until("npm", isOver);
    expect(acceptedBy).to.equal("fallback-ds.example.eth");
    expect(submits(world.nodes[1].requests)).to.equal(2);
    const fields = world.nodes[1].kept(BOB).map(({ metadata }) => Object.keys(metadata));
    expect(fields.at(-1)).to.include("encryptedMessageHash");
  });

  const LIES: readonly (readonly [string, (response: Response) => unknown])[] = [
    ["does not answer in time", () => undefined],
    ["answers 502", (response) => void response.status(502).send("<html>bad gateway</html>")],
    ["lies 200 with HTML", (response) => void response.send("<!doctype html><p>OK</p>")],
    ["lies 200 with nothing", (response) => void response.status(200).end()],
    [
      "redirects",
      (response) => {
        response.redirect("http://127.0.0.1:1/");
      },
    ],
    ["cuts the connection", (response) => void response.destroy()],
    ["answers without end", (response) => response.write("x".repeat(100_000))],
    ["hides a page behind 404", (response) => void response.status(404).send("<html></html>")],
  ];
  for (const [name, lie] of LIES) {
    it(`goes on to the second relay node where the first ${name}`, async () => {
      await sender.stop();
      const { submit } = sender.parts;
      sender = await startTestSender(world, { submit: { ...submit, timeoutMs: 1_000 } });
      world.nodes[0].bend = submitting(lie);
      await sender.write(name);
      const message = await sender.until(name, isOver);
      expect(message).to.include({ state: "accepted", acceptedBy: "fallback-ds.example.eth" });
      expect(message.nodes["ds.example.eth"]).to.include({ status: "unreachable", times: 1 });
    });
  }

  it("sends the same bytes again, until a node that was down is back", async () => {
    const bodies: string[] = [];
    world.nodes[1].bend = submitting((response) => void response.destroy());
    world.nodes[0].bend = (request, response) => {
      if (request.path !== "/rpc") return false;
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        bodies.push(Buffer.concat(chunks).toString());
        response.status(503).end();
      });
      return true;
    };
    await sender.write("again");
    while (bodies.length < 3) await delay(10);
    const waiting = (await sender.parts.outbox.get("again"))!;
    expect(waiting).to.include({ state: null, mark: null });
    expect(waiting.why).to.include({ reason: "unreachable" });
    expect(new Set(bodies).size).to.equal(1);
    world.nodes[0].bend = () => false;
    expect(await sender.until("again", isOver)).to.include({ state: "accepted" });
  });

  it("is expired when nobody answers until the deadline, and delivered all the same by a receipt", async () => {
    for (const node of world.nodes) node.bend = submitting((response) => void response.destroy());
    await sender.stop();
    sender = await startTestSender(world, {
      patience: { ...sender.parts.patience, deadlineMs: 300 },
    });
    await sender.write("late");
    const message = await sender.until("late", isOver);
    expect(message.state).to.equal("expired");
    expect(message.why).to.include({ reason: "unreachable" });
    await sender.raise(message.messageHash!, "delivered", () => false);
    expect(await sender.parts.outbox.get("late")).to.include({ state: "expired" });
    await sender.raise(message.messageHash!, "delivered", (to) => to === "bob.eth");
    expect(await sender.parts.outbox.get("late")).to.include({ state: "delivered", why: null });
  });

  const rpcError =
    (code: string, message: string) =>
    (response: Response): void =>
      void response.status(400).json({
        ...{ jsonrpc: "2.0", id: 1 },
        error: { code: NUMBERS[code] ?? -32000, message, data: { code } },
      });

  it("stops at a final refusal of all, and names the first reason", async () => {
    world.nodes[0].bend = submitting(rpcError("UNWANTED", "blocked"));
    world.nodes[1].bend = submitting(rpcError("ENVELOPE_MALFORMED", "no envelope"));
    await sender.write("unwanted");
    const message = await sender.until("unwanted", isOver);
    expect(message.state).to.equal("refused");
    expect(message.why).to.deep.equal({
      reason: "unwanted",
      sentence: "The relay node refused it: blocked.",
    });
    expect(message.nodes["fallback-ds.example.eth"]).to.include({ reason: "malformed" });
    await delay(100);
    expect(world.nodes.map(({ requests }) => submits(requests))).to.deep.equal([1, 1]);
  });

  it("waits on the slower clock for room in a mailbox, and then gets in", async () => {
    world.nodes[1].bend = submitting(rpcError("UNWANTED", "blocked"));
    let tries = 0;
    world.nodes[0].bend = (request, response) => {
      if (request.path !== "/rpc" || ++tries > 2) return false;
      rpcError("MAILBOX_FULL", "full")(response);
      return true;
    };
    await sender.write("full");
    const waiting = await sender.until("full", ({ why }) => why?.reason === "limit");
    const node = waiting.nodes["ds.example.eth"]!;
    expect(node).to.include({ status: "later" });
    if (node.status === "later") expect(node.nextMs - node.sinceMs).to.be.above(80);
    expect(await sender.until("full", isOver)).to.include({ state: "accepted" });
    expect(tries).to.equal(3);
  });

  it("leaves a relay node alone for as long as it asks, within bounds", async () => {
    const answers = { soon: "1", never: "86400", late: "Fri, 31 Dec 1999 23:59:59 GMT" };
    const pauses: Record<string, number> = {};
    for (const [id, retryAfter] of Object.entries(answers)) {
      world.nodes[0].bend = submitting((response) => {
        response.status(429).set("retry-after", retryAfter).json({ error: "later" });
      });
      world.nodes[1].bend = submitting((response) => {
        response.status(503).set("retry-after", retryAfter).end();
      });
      const patient = await startTestSender(world, {
        patience: { ...sender.parts.patience, laterMostMs: 5_000, unreachableMostMs: 3_000 },
      });
      await patient.write(id);
      const { nodes } = await patient.until(id, ({ nodes: all }) => Object.keys(all).length === 2);
      for (const [name, node] of Object.entries(nodes)) {
        if (node.status !== "refused") pauses[`${id} ${name}`] = node.nextMs - node.sinceMs;
      }
      await patient.stop();
    }
    expect(pauses["soon ds.example.eth"]).to.equal(1_000);
    expect(pauses["soon fallback-ds.example.eth"]).to.equal(1_000);
    expect(pauses["never ds.example.eth"]).to.equal(5_000);
    expect(pauses["never fallback-ds.example.eth"]).to.equal(3_000);
    expect(pauses["late ds.example.eth"]).to.be.below(200);
    expect(pauses["late fallback-ds.example.eth"]).to.be.below(50);
  });

  it("believes a mailbox that stays full, by its own clock and not by the deadline", async () => {
    for (const node of world.nodes) {
      node.bend = submitting(rpcError("MAILBOX_FULL", "full"));
    }
    await sender.write("stays full");
    const message = await sender.until("stays full", isOver);
    expect(message.state).to.equal("refused");
    expect(message.why).to.include({ reason: "limit" });
    expect(Date.now()).to.be.below(message.deadlineMs);
  });

  it("signs again once when told so, and never loops", async () => {
    for (const node of world.nodes) {
      node.bend = submitting(rpcError("WRONG_METADATA_SIGNATURE", "sign again"));
    }
    await sender.write("wrong key");
    const message = await sender.until("wrong key", isOver);
    expect(message).to.include({ state: "refused", signedAgain: true });
    expect(message.why).to.include({ reason: "wrong-key" });
    expect(submits(world.nodes[0].requests)).to.equal(2);
    expect(submits(world.nodes[1].requests)).to.equal(1);
  });

  it("goes on with new keys where the sender's and the receiver's change in the middle", async () => {
    await sender.stop();
    const changedKeys = deriveProfileKeys(new Uint8Array(32).fill(9));
    const old = await keysOf(ENGINES.node, "alice");
    let keys = old;
    for (const node of world.nodes) node.bend = submitting((response) => void response.destroy());
    sender = await startTestSender(world, { keysOf: () => keys });
    await sender.write("rotated");
    const before = await sender.until("rotated", ({ sealed }) => sealed !== null);
    keys = await messageKeysOf(ENGINES.node, changedKeys);
    const bobsNew = deriveProfileKeys(new Uint8Array(32).fill(8));
    await world.publish("alice", publicKeyFields(changedKeys));
    await world.publish("bob", publicKeyFields(bobsNew));
    const { publicEncryptionKey } = publicKeyFields(bobsNew);
    await sender.until("rotated", ({ sealed }) => sealed?.receiverKey === publicEncryptionKey);
    // dm3's nodes encrypt postmarks for the key of the last sign-up: it comes first, then the message may get in
    for (const node of world.nodes) await world.signUp("bob", node);
    for (const node of world.nodes) node.bend = () => false;
    const after = await sender.until("rotated", isOver);
    expect(after.state).to.equal("accepted");
    expect(after.messageHash, "another signature").not.to.equal(before.messageHash);
    const [envelope] = keptBy(0, after.messageHash);
    const read = await decodeMessage(envelope, {
      keys: await messageKeysOf(ENGINES.node, bobsNew),
      ownNames: ["bob.eth"],
      contactOf: async (name) => {
        const outcome = await resolveProfile(name, world.options);
        return outcome.status === "found" ? outcome : null;
      },
    });
    expect(read.checks).to.include("messageSignature");
    await world.publish("alice");
    await world.publish("bob");
    for (const node of world.nodes) await world.signUp("bob", node);
  });

  it("holds what is for somebody without a profile, and sends it when one appears", async () => {
    await sender.write("held", { type: "NEW", text: "welcome" }, "mallory.eth");
    const held = await sender.until("held", ({ mark }) => mark === "held");
    expect(held).to.include({ state: null, sealed: null });
    expect(held.why).to.include({ reason: "no-profile" });
    await world.publish("mallory", { deliveryServices: ["ds.example.eth"] });
    await world.signUp("mallory", world.nodes[0]);
    expect(await sender.until("held", isOver)).to.include({ state: "accepted", mark: null });
  });

  it("holds nothing on a server, where it would be plain text", async () => {
    await sender.stop();
    const outbox = { ...keyValueOutbox(memoryKeyValue()), isSendersOwn: false };
    sender = await startTestSender(world, { outbox });
    await sender.write("not held", { type: "NEW", text: "psst" }, "nobody.eth");
    const message = await sender.until("not held", isOver);
    expect(message).to.include({ state: "refused", given: null });
    expect(message.why).to.include({ reason: "no-profile" });
  });

  it("keeps a message once, however often it is given", async () => {
    await Promise.all([sender.write("same"), sender.write("same"), sender.write("same")]);
    const message = await sender.until("same", isOver);
    expect(keptBy(0, message.messageHash)).to.have.length(1);
    expect(await sender.write("same")).to.include({ state: "accepted" });
  });

  it("keeps the order inside a conversation", async () => {
    // all within a millisecond, and by ids that are in another order
    const frozenMs = Date.now();
    const frozen = await startTestSender(world, { nowMs: () => frozenMs });
    const ids = Array.from({ length: 6 }, (_, index) => `in order ${9 - index}`);
    await Promise.all(ids.map((id) => frozen.write(id, { type: "NEW", text: id })));
    const all = await Promise.all(ids.map((id) => frozen.until(id, isOver)));
    await frozen.stop();
    const hashes = all.map(({ messageHash }) => messageHash!);
    const arrived = world.nodes[0].kept(BOB).flatMap((envelope) => {
      const { messageHash } = envelope.metadata as unknown as { messageHash: string };
      return hashes.includes(messageHash as `0x${string}`) ? [messageHash] : [];
    });
    expect(arrived).to.deep.equal(hashes);
  });
});
