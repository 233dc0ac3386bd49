/** A messenger with our own storage, which takes batches, has cursors and bounds. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { submitted } from "../messenger/messengerWorld.js";
import { eventually } from "./eventually.js";
import { type ServedStorage, serveStorage } from "./servedStorage.js";
import { allOf, createStorageWorld, type Device, device, textsIn } from "./storageWorld.js";

describe("a messenger with our storage", function () {
  this.timeout(360_000);
  let world: NodeWorld;
  let storage: ServedStorage;
  let phone: Device;
  let isAway = false;
  /** The last parts of paths, of what reached the storage. */
  const asked: string[] = [];
  /** Where the account is, and the token it was read with last. */
  let account: { readonly url: string; readonly bearer: string } | undefined;

  async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    storage = await serveStorage(world.ens.ensRegistry, settings);
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const fetcher: Fetcher = (request) => {
      const isStorage = request.url.startsWith(`${storage.url}/storage`);
      if (isStorage && isAway) throw new SignpostError("UNREACHABLE", "It is away.", {});
      const route = /\/storage\/new\/[^/]+\/([A-Za-z]+)/.exec(request.url)?.[1];
      if (route !== undefined) asked.push(route);
      const url = /^.*\/storage\/new\/[^/]+/.exec(request.url)?.[0];
      const { bearer } = request;
      if (url !== undefined && bearer !== undefined) account = { url, bearer };
      return guarded(request);
    };
    phone = await device(world, "bob", storage.url, { fetcher, receipts: false });
  }

  const times = (route: string) => asked.filter((one) => one === route).length;

  beforeEach(async () => {
    world = await createStorageWorld(["messageHash", "messageHash"]);
    asked.length = 0;
  });
  afterEach(async () => {
    isAway = false;
    await phone.leave();
    expect(storage.failures).to.deep.equal([]);
    await storage.close();
    await world.close();
  });

  it("brings what waited in batches, and reads it page by page", async () => {
    await start();
    const texts = Array.from({ length: 130 }, (_, index) => `message ${index}`);
    isAway = true;
    await submitted(world, texts);
    for await (const message of phone.messages({ follow: false })) await phone.acknowledge(message);
    isAway = false;
    await phone.storage.settled();
    // the first tells what kind of storage it is
    expect([times("addMessage"), times("addMessageBatch")]).to.deep.equal([1, 2]);
    expect(textsIn(await phone.history("alice.eth"))).to.deep.equal(texts.reverse());
    expect(times("getMessages")).to.be.within(3, 5);
    const [conversation] = await phone.conversations();
    expect(conversation?.preview?.content).to.deep.equal({ type: "NEW", text: "message 129" });
  });

  it("signs up anew where its account is gone", async () => {
    await start();
    await submitted(world, ["before"]);
    await allOf(acknowledged(phone));
    await phone.storage.settled();
    const { url, bearer } = account!;
    const deleted = await fetch(url, {
      method: "DELETE",
      headers: { authorization: `Bearer ${bearer}` },
    });
    expect(deleted.status).to.equal(200);
    await submitted(world, ["after"]);
    await allOf(acknowledged(phone));
    await phone.storage.settled();
    expect(textsIn(await phone.history("alice.eth"))).to.deep.equal(["after"]);
  });

  it("reads no more pages than are taken", async () => {
    await start();
    await submitted(world, ["one", "two"]);
    await allOf(acknowledged(phone));
    await phone.storage.settled();
    for await (const { content } of phone.storage.messages("alice.eth")) {
      expect(content).to.deep.equal({ type: "NEW", text: "two" });
      break;
    }
    expect(times("getMessages")).to.equal(1);
  });

  it("keeps on the device what a full storage does not take, tells, and lets the rest pass", async () => {
    await start({ STORAGE_CONVERSATIONS: "10" });
    for (let each = 0; each < 10; each++) await phone.storage.addConversation(`n${each}.test`);
    await phone.storage.settled();
    await submitted(world, ["one too many"]);
    await allOf(acknowledged(phone));
    await phone.storage.setHidden("n3.test", true);
    await eventually(async () => {
      expect(await phone.conversations()).to.have.length(9);
      expect(times("toggleHideConversation")).to.equal(1);
    });
    const refusals = phone.problems.map(({ error }) => error);
    expect(refusals[0]?.code).to.equal("RELAY_NODE_REFUSED");
    expect(refusals[0]?.details["status"]).to.equal(409);
    // still at the relay node, for other devices
    expect(world.nodes.flatMap((node) => node.kept(BOB))).to.have.length(1);
  });
});

const BOB = people.bob.address;

async function* acknowledged(phone: Device) {
  for await (const message of phone.messages({ follow: false })) {
    await phone.acknowledge(message);
    yield message;
  }
}
