/** Messengers whose first relay node is ours, and the second one made of dm3's libraries. */
import { expect } from "chai";
import { io } from "socket.io-client";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { type TestMessenger, testMessenger } from "./messengerWorld.js";
import { type OwnRelayNode, startOwnRelayNode } from "./ownRelayNode.js";

describe("messenger, with our relay node beside one of dm3's", function () {
  this.timeout(60_000);
  let world: NodeWorld;
  let relayNode: OwnRelayNode;
  let alice: TestMessenger;
  let bob: TestMessenger;

  before(async () => {
    world = await createNodeWorld();
    relayNode = await startOwnRelayNode(world);
    alice = await testMessenger(world, "alice", { io: io });
    bob = await testMessenger(world, "bob", { io: io });
    // both sign up
    await Promise.all([alice.within(500), bob.within(500)]);
  });
  after(async () => {
    await alice.leave();
    await bob.leave();
    await relayNode.close();
    await world.close();
    expect(relayNode.failures).to.deep.equal([]);
  });

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
    for (const text of texts) {
      const { id } = await alice.send("bob.eth", text);
      expect(await alice.settled(id)).to.include({ acceptedBy: "ds.example.eth" });
    }
    const pages: string[] = [];
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const reader = await testMessenger(world, "bob", {
      receipts: false,
      fetcher: (request) => {
        if (request.url.startsWith(`${relayNode.url}/delivery/`)) pages.push(request.url);
        return guarded(request);
      },
    });
    const read: string[] = [];
    while (read.length < texts.length) {
      const message = await reader.next();
      if (message.content.type === "NEW") read.push(message.content.text);
    }
    expect(read).to.deep.equal(texts);
    const [first, second] = pages;
    expect(first).to.match(/\?after=$/);
    expect(second).to.match(/\?after=.+$/);
    await reader.leave();
    bob = await testMessenger(world, "bob", { io: io });
    for (let left = texts.length; left > 0; left--) await bob.acknowledge(await bob.next());
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
