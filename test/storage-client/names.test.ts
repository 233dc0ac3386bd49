/** By which name a person is shown: the one that was written to last, on all devices. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { type ServedStorage, serveStorage } from "./servedStorage.js";
import { addressNameOf, createStorageWorld, type Device, device } from "./storageWorld.js";

const ALICE = addressNameOf("alice");

describe("the name of a conversation", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let storage: ServedStorage;
  let phone: Device;
  /** Whether the next message is stored, and nobody hears of it. */
  let losesAnswer: boolean;

  beforeEach(async () => {
    losesAnswer = false;
    world = await createStorageWorld();
    storage = await serveStorage(world.ens.ensRegistry);
    const guarded = createGuardedFetcher({ allowLoopback: true });
    const fetcher: Fetcher = async (request) => {
      const answer = await guarded(request);
      if (!losesAnswer || !request.url.includes("/addMessage")) return answer;
      losesAnswer = false;
      throw new SignpostError("UNREACHABLE", "The answer was lost.", {});
    };
    phone = await device(world, "bob", storage.url, { fetcher, receipts: false });
  });
  afterEach(async () => {
    await phone.leave();
    await storage.close();
    await world.close();
  });

  async function sent(to: string): Promise<void> {
    const { id } = await phone.send(to, `to ${to}`);
    await phone.settled(id);
    await phone.storage.settled();
  }
  const names = async () => (await phone.conversations()).map(({ name }) => name);

  it("stays where the conversation is called by its address", async () => {
    await sent("alice.eth");
    const [conversation] = await phone.conversations();
    expect(conversation).to.include({ contact: ALICE, name: "alice.eth" });
    for (const isHidden of [true, false]) {
      await phone.storage.setHidden(ALICE, isHidden);
      await phone.storage.settled();
      expect(await names()).to.deep.equal(isHidden ? [] : ["alice.eth"]);
    }
    await phone.storage.addConversation(ALICE);
    await phone.storage.settled();
    expect(await names()).to.deep.equal(["alice.eth"]);
  });

  it("is kept where the answer to its first message was lost", async () => {
    losesAnswer = true;
    await sent("alice.eth");
    expect(losesAnswer).to.equal(false);
    expect(await names()).to.deep.equal(["alice.eth"]);
  });

  it("is the one that was written to last, and not only the first time", async () => {
    for (const name of ["alice.eth", ALICE, "alice.eth"]) {
      await sent(name);
      expect(await names()).to.deep.equal([name]);
    }
  });
});
