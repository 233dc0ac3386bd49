/** What a user deletes: gone from all devices, and it does not come back; where a storage cannot do it, the app is told. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { expectRejection } from "../expectError.js";
import { submitted } from "../messenger/messengerWorld.js";
import { eventually } from "./eventually.js";
import { type ServedStorage, serveStorage } from "./servedStorage.js";
import { addressNameOf, createStorageWorld, type Device, device, textsIn } from "./storageWorld.js";

describe("messages and conversations that a user deletes", function () {
  this.timeout(360_000);
  let world: NodeWorld;
  const devices: Device[] = [];
  beforeEach(async () => {
    world = await createStorageWorld(["messageHash", "messageHash"]);
  });
  afterEach(async () => {
    for (const one of devices.splice(0)) await one.leave();
    await world.close();
  });

  describe("in our storage", function () {
    // on a machine that is short of time a device gives a message to the next look, and a test looks once
    this.retries(3);
    let storage: ServedStorage;
    let [phone, desk]: Device[] = [];
    /** Of the phone's way to the storage. */
    let way: "open" | "closed" | "answers lost" = "open";

    beforeEach(async () => {
      way = "open";
      storage = await serveStorage(world.ens.ensRegistry);
      const guarded = createGuardedFetcher({ allowLoopback: true });
      const fetcher: Fetcher = async (request) => {
        const isStorage = request.url.startsWith(`${storage.url}/storage`);
        const answer = isStorage && way === "closed" ? null : await guarded(request);
        if (answer === null || (isStorage && way === "answers lost")) {
          throw new SignpostError("UNREACHABLE", "It is away.", {});
        }
        return answer;
      };
      phone = await device(world, "bob", storage.url, { fetcher, receipts: false });
      desk = await device(world, "bob", storage.url, { receipts: false });
      devices.push(phone, desk);
    });
    afterEach(async () => {
      expect(storage.failures).to.deep.equal([]);
      await storage.close();
    });

    async function taken(by: Device | undefined, texts: readonly string[]): Promise<void> {
      await submitted(world, texts);
      for await (const message of by!.messages({ follow: false })) await by!.acknowledge(message);
      await by!.storage.settled();
    }
    const texts = async (of: Device | undefined) => textsIn(await of!.history("alice.eth"));

    it("are gone for all devices, also before the storage knows it", async () => {
      await taken(phone, ["one", "two", "three"]);
      const [three, two] = await phone!.history("alice.eth");
      const [, shown] = await desk!.history("alice.eth");
      way = "closed";
      await phone!.storage.deleteMessages([two!]);
      way = "open";
      expect(await texts(phone)).to.deep.equal(["three", "one"]);
      await phone!.storage.settled();
      expect(await texts(phone)).to.deep.equal(["three", "one"]);
      expect(await texts(desk)).to.deep.equal(["three", "one"]);
      // a device that shows it yet brings it back by nothing
      await desk!.storage.markRead([shown!]);
      await desk!.storage.settled();
      await phone!.storage.markRead([two!, three!]);
      await phone!.storage.settled();
      expect(await texts(desk)).to.deep.equal(["three", "one"]);
      await phone!.storage.deleteConversation("alice.eth");
      expect(await phone!.conversations()).to.deep.equal([]);
      expect(await texts(phone)).to.deep.equal([]);
      await phone!.storage.settled();
      expect(await desk!.conversations()).to.deep.equal([]);
      expect(await texts(desk)).to.deep.equal([]);
    });

    it("take along what waits on the device, and what was sent and not answered", async () => {
      await taken(phone, ["stored"]);
      for (const state of ["closed", "answers lost"] as const) {
        way = state;
        await submitted(world, [`not stored: ${state}`]);
        const message = await phone!.next();
        await phone!.acknowledge(message);
        await eventually(async () => {
          expect(
            await phone!.storage.settled(AbortSignal.timeout(50)).catch(() => "waits"),
          ).to.equal("waits");
        });
        const isAtStorage = state === "answers lost";
        await eventually(async () => {
          expect((await texts(desk)).includes(`not stored: ${state}`)).to.equal(isAtStorage);
        });
        way = "open";
        const [newest] = await phone!.history("alice.eth");
        expect(textsIn([newest!])).to.deep.equal([`not stored: ${state}`]);
        way = state;
        await phone!.storage.deleteMessages([newest!]);
        way = "open";
        await phone!.storage.settled();
        expect(await texts(phone)).to.deep.equal(["stored"]);
        expect(await texts(desk)).to.deep.equal(["stored"]);
      }
      way = "closed";
      // by one name what would be written first, by the other one what would come back behind it
      const name = addressNameOf("alice");
      await phone!.storage.addConversation(name);
      const { id } = await phone!.send("alice.eth", "sent, and not stored");
      await phone!.settled(id);
      await phone!.storage.deleteConversation(name);
      way = "open";
      await phone!.storage.settled();
      expect(await desk!.conversations()).to.deep.equal([]);
    });

    it("make room where the storage is full", async () => {
      const full = await serveStorage(world.ens.ensRegistry, { STORAGE_MESSAGES: "100" });
      const small = await device(world, "bob", full.url, { receipts: false });
      devices.push(small);
      const hundred = Array.from({ length: 100 }, (_, index) => String(index));
      await taken(small, hundred);
      const [newest] = await small.history("alice.eth");
      await submitted(world, ["too many"]);
      for await (const one of small.messages({ follow: false })) await small.acknowledge(one);
      await eventually(() => {
        const refusals = small.problems.map(({ error }) => error.details["status"]);
        expect(refusals).to.include(409);
        return Promise.resolve();
      });
      await small.storage.deleteMessages([newest!]);
      await small.storage.settled();
      expect((await texts(small)).slice(0, 2)).to.deep.equal(["too many", "98"]);
      await full.close();
    });

    it("begin anew with the next message", async () => {
      await taken(phone, ["old"]);
      await phone!.storage.deleteConversation("alice.eth");
      await taken(phone, ["new"]);
      expect(await texts(desk)).to.deep.equal(["new"]);
      const [conversation] = await desk!.conversations();
      expect(conversation).to.include({ name: "alice.eth" });
    });

    for (const state of ["open", "answers lost"] as const) {
      it(`begin anew with their name, also where another device deleted them, its way being: ${state}`, async () => {
        await taken(phone, ["old"]);
        await desk!.storage.deleteConversation("alice.eth");
        await desk!.storage.settled();
        way = state;
        await submitted(world, ["new"]);
        await phone!.acknowledge(await phone!.next());
        await eventually(async () => {
          expect(await texts(desk)).to.deep.equal(["new"]);
        });
        way = "open";
        phone!.wake();
        await phone!.storage.settled();
        const [conversation] = await desk!.conversations();
        expect(conversation).to.include({ name: "alice.eth" });
      });
    }

    it("leave what comes after the deletion, by whichever name the rest was deleted", async () => {
      await taken(phone, ["old", "older"]);
      const [one] = await phone!.history("alice.eth");
      way = "closed";
      // waits by one name; the conversation is deleted by the other one
      await phone!.storage.deleteMessages([one!]);
      await phone!.storage.deleteConversation(addressNameOf("alice"));
      await submitted(world, ["new"]);
      await phone!.acknowledge(await phone!.next());
      way = "open";
      await phone!.storage.settled();
      expect(await texts(desk)).to.deep.equal(["new"]);
      expect(await texts(phone)).to.deep.equal(["new"]);
    });

    it("stay away where another device still has them from the relay nodes", async () => {
      await submitted(world, ["deleted elsewhere"]);
      const late = await desk!.next();
      for await (const message of phone!.messages({ follow: false })) {
        await phone!.acknowledge(message);
      }
      await phone!.storage.settled();
      await phone!.storage.deleteMessages(await phone!.history("alice.eth"));
      await phone!.storage.settled();
      await desk!.acknowledge(late);
      await desk!.storage.settled();
      expect(await texts(desk)).to.deep.equal([]);
      expect(world.nodes.flatMap((node) => node.kept(people.bob.address))).to.deep.equal([]);
    });

    it("stay away as an empty conversation as well", async () => {
      await submitted(world, ["deleted elsewhere"]);
      const late = await desk!.next();
      for await (const message of phone!.messages({ follow: false })) {
        await phone!.acknowledge(message);
      }
      await phone!.storage.settled();
      await phone!.storage.deleteConversation("alice.eth");
      await phone!.storage.settled();
      await desk!.acknowledge(late);
      await desk!.storage.settled();
      expect(await desk!.conversations()).to.deep.equal([]);
    });

    it("are given as the app got them", async () => {
      await taken(phone, ["one"]);
      const [one] = await phone!.history("alice.eth");
      await expectRejection(
        phone!.storage.deleteMessages([{ ...one! }]),
        "INVALID_REQUEST",
        /no copies/,
      );
      expect(await texts(phone)).to.deep.equal(["one"]);
    });
  });

  it("are told to be there yet where the storage cannot delete, as dm3's", async () => {
    const phone = await device(world, "alice");
    devices.push(phone);
    const { id } = await phone.send("bob.eth", "stays");
    await phone.settled(id);
    await phone.storage.settled();
    await phone.storage.deleteMessages(await phone.history("bob.eth"));
    await phone.storage.deleteConversation("bob.eth");
    await phone.storage.settled();
    expect(textsIn(await phone.history("bob.eth"))).to.deep.equal(["stays"]);
    const told = phone.problems.map(({ error }) => [error.code, error.details["status"]]);
    expect(told).to.deep.equal(Array(2).fill(["RELAY_NODE_REFUSED", 404]));
  });
});
