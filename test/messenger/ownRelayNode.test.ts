/** Messengers whose first relay node is ours, and the second one made of dm3's libraries. */
import { expect } from "chai";
import { io } from "socket.io-client";
import { SignpostError } from "../../src/errors.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import type { IncomingMessage } from "../../src/sdk/messagesNode.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { submitted, type TestMessenger, testMessenger } from "./messengerWorld.js";
import { type OwnRelayNode, startOwnRelayNode } from "./ownRelayNode.js";

/** Nothing here waits for a relay node to be given up, so a slow machine may take its time. */
const UNHURRIED = { timeoutMs: 15_000, patience: {} };

/** Without receipts, and by pushes alone. */
const UNTOLD = { receipts: false, pollMs: 600_000 };

const isText = (message: IncomingMessage | undefined, text: string | undefined) =>
  message?.content.type === "NEW" && message.content.text === text;

/** Who has no account yet gets nothing through the relay node: the other one would take it. */
async function signedUp(messenger: TestMessenger): Promise<void> {
  const [own] = await messenger.filters();
  if (own?.error !== null) throw own?.error ?? new Error("no relay node");
}

describe("messenger, with our relay node beside one of dm3's", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let relayNode: OwnRelayNode;
  let alice: TestMessenger;
  let bob: TestMessenger;

  before(async () => {
    world = await createNodeWorld();
    relayNode = await startOwnRelayNode(world);
    alice = await testMessenger(world, "alice", { io: io, ...UNHURRIED });
    bob = await testMessenger(world, "bob", { io: io, ...UNHURRIED });
    for (const person of [alice, bob]) await signedUp(person);
  });
  after(async () => {
    await alice.leave();
    await bob.leave();
    await relayNode.close();
    await world.close();
    expect(relayNode.failures).to.deep.equal([]);
  });

  const cutOff = () =>
    new SignpostError("UNREACHABLE", "The relay node was cut off.", { reason: "cut off" });

  it("brings messages live, with every check that there is, and the receipts back", async () => {
    const { id } = await alice.send("bob.eth", "by our node");
    expect(await alice.settled(id)).to.include({ state: "accepted", acceptedBy: "ds.example.eth" });
    const message = await bob.next();
    expect(message.content).to.deep.equal({ type: "NEW", text: "by our node" });
    expect(message.checks).to.have.members([
      ...["hash", "receiver", "messageSignature", "sender", "metadataSignature"],
      ...["postmarkHash", "postmarkSignature"],
    ]);
    expect(message.incomingTimestampMs).to.be.within(Date.now() - 10_000, Date.now());
    await bob.acknowledge(message);
    const receipt = await alice.next();
    expect(receipt.content).to.include({ type: "READ_RECEIVED" });
    await alice.acknowledge(receipt);
    const outgoing = await alice.outgoing();
    expect(outgoing.find((one) => one.id === id)).to.include({ state: "delivered" });
    expect(await bob.within(200)).to.deep.equal([]);
  });

  it("has its filters kept by the node that knows them, and the refusal told to the sender", async () => {
    const set = await bob.setFilters({ blockedSenders: ["alice.eth"] });
    expect(set.map(({ relayNode: name, error }) => [name, error?.code])).to.deep.equal([
      ["ds.example.eth", undefined],
      ["fallback-ds.example.eth", "RELAY_NODE_REFUSED"],
    ]);
    const [own] = await bob.filters();
    expect(own!.filters).to.deep.equal({ blockedSenders: ["alice.eth"] });
    // the node that knows no filters takes it
    const { id } = await alice.send("bob.eth", "blocked at one");
    expect(await alice.settled(id)).to.include({ acceptedBy: "fallback-ds.example.eth" });
    const message = await bob.next();
    await bob.acknowledge(message);
    await bob.setFilters({ blockedSenders: [] });
    // alice's receipt
    await alice.acknowledge(await alice.next());
  });

  it("reads a mailbox page by page, in the order in which messages came", async () => {
    const texts = Array.from({ length: 203 }, (_, index) => `page ${index}`);
    await bob.leave();
    await submitted(world, texts);
    const pages: string[] = [];
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const reader = await testMessenger(world, "bob", {
      ...{ ...UNHURRIED, receipts: false },
      fetcher: (request) => {
        if (!request.url.startsWith(`${relayNode.url}/delivery/`)) return guarded(request);
        pages.push(new URL(request.url).search);
        // every other one is cut off
        return pages.length % 2 === 0 ? Promise.reject(cutOff()) : guarded(request);
      },
    });
    const read: string[] = [];
    while (read.length < texts.length) {
      const message = await reader.next();
      if (message.content.type === "NEW") read.push(message.content.text);
    }
    expect(read).to.deep.equal(texts);
    const [first, second, third, ...others] = pages;
    expect(first).to.equal("?after=");
    // it goes on where it was cut off, and never begins anew
    expect(second).to.match(/^\?after=.+$/);
    expect(third).to.equal(second);
    expect(others).not.to.include(first);
    await reader.leave();
  });

  it("gets what is pushed while the app is slow, however much it is, without waiting for the next look", async () => {
    const slow = await testMessenger(world, "bob", { io: io, ...UNHURRIED, ...UNTOLD });
    // of the test before
    const read: IncomingMessage[] = [await slow.next()];
    // the app's queue and that of the connection take 100 each
    const texts = Array.from({ length: 230 }, (_, index) => `flood ${index}`);
    await submitted(world, texts);
    while (!isText(read.at(-1), texts.at(-1))) read.push(await slow.next());
    expect(read.slice(-texts.length).map(({ content }) => content)).to.deep.equal(
      texts.map((text) => ({ type: "NEW", text })),
    );
    await Promise.all(read.map((message) => slow.acknowledge(message)));
    await slow.leave();
    bob = await testMessenger(world, "bob", { io: io, ...UNHURRIED });
  });

  it("goes on through the other one when ours is stopped", async () => {
    await relayNode.stop();
    const { id } = await alice.send("bob.eth", "still there");
    expect(await alice.settled(id)).to.include({ acceptedBy: "fallback-ds.example.eth" });
    const message = await bob.next();
    expect(message.content).to.deep.equal({ type: "NEW", text: "still there" });
    await bob.acknowledge(message);
    const [report] = (await bob.outgoing()).slice(-1);
    // alice's only relay node is down: the receipt waits in bob's outbox
    expect(report).to.include({ to: "alice.eth", state: null });
  });
});
