/** A way to the storage that is too slow for what is sent at once, or closed for one conversation. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { submitted } from "../messenger/messengerWorld.js";
import { eventually } from "./eventually.js";
import { type ServedStorage, serveStorage } from "./servedStorage.js";
import { createStorageWorld, type Device, device } from "./storageWorld.js";

describe("a slow way to the storage", function () {
  this.timeout(360_000);
  let world: NodeWorld;
  let storage: ServedStorage;
  let phone: Device;
  /** Requests that are longer get no answer. Bytes. */
  let mostBytes: number;
  let isLost: (url: string, body: string) => boolean;
  /** Bytes of each request that adds messages. */
  const sizes: number[] = [];

  beforeEach(async () => {
    sizes.length = 0;
    mostBytes = Infinity;
    isLost = () => false;
    world = await createStorageWorld(["messageHash", "messageHash"]);
    storage = await serveStorage(world.ens.ensRegistry);
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const fetcher: Fetcher = (request) => {
      const { url, body } = request;
      if (!url.startsWith(`${storage.url}/storage`)) return guarded(request);
      const text = typeof body === "string" ? body : "";
      if (url.includes("/addMessage")) sizes.push(text.length);
      if (text.length > mostBytes || isLost(url, text)) {
        throw new SignpostError("UNREACHABLE", "It took too long.", {});
      }
      return guarded(request);
    };
    phone = await device(world, "bob", storage.url, { fetcher, receipts: false });
  });
  afterEach(async () => {
    await phone.leave();
    await storage.close();
    await world.close();
  });

  it("gets less at once, until that arrives", async () => {
    mostBytes = 100_000;
    await submitted(
      world,
      Array.from({ length: 60 }, (_, index) => `message ${index}`),
    );
    for await (const message of phone.messages({ follow: false })) await phone.acknowledge(message);
    await phone.storage.settled();
    expect(Math.max(...sizes)).to.be.within(100_000, 400_000);
    expect(await phone.history("alice.eth")).to.have.length(60);
  });

  it("that loses what is for one conversation lets others pass", async () => {
    await phone.storage.addConversation("first.test");
    await phone.storage.addConversation("second.test");
    await phone.storage.settled();
    isLost = (url) => url.includes("toggleHide");
    await phone.storage.setHidden("first.test", true);
    await eventually(() => {
      expect(phone.problems.length).to.be.at.least(2);
    });
    await phone.storage.addConversation("third.test");
    const names = async () => (await phone.conversations()).map(({ contact }) => contact);
    await eventually(async () => {
      expect(await names()).to.include("third.test");
    });
    await phone.storage.addConversation("fourth.test");
    await eventually(async () => {
      expect(await names()).to.include("fourth.test");
    });
    isLost = () => false;
    await phone.storage.settled();
    expect(await names()).not.to.include("first.test");
  });
});
