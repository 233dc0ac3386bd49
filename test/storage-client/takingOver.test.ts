/** Messages that one device left in the storage for whichever can send them, and what other devices do with them. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { unsignedMessage } from "../../src/dm3/message/messageContent.js";
import { signMessage } from "../../src/dm3/message/messageSignature.js";
import { dm3Hash } from "../../src/dm3/stringify.js";
import { SignpostError } from "../../src/errors.js";
import type { Fetcher } from "../../src/fetch/fetcher.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { type KeyValue, memoryKeyValue } from "../../src/sending/keyValue.js";
import { containerOfSent } from "../../src/storage-client/codec/container.js";
import { sealContainer } from "../../src/storage-client/codec/sealedContainer.js";
import { createHaltedMessages } from "../../src/storage-client/haltedMessages.js";
import { createOwnMessages } from "../../src/storage-client/ownMessages.js";
import { createOwnWriting } from "../../src/storage-client/ownWriting.js";
import { createPendingWrites } from "../../src/storage-client/pendingWrites.js";
import type { StorageApi } from "../../src/storage-client/storageApi.js";
import { createTakingOver } from "../../src/storage-client/takingOver.js";
import type { Write } from "../../src/storage-client/write.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { eventually } from "./eventually.js";
import { createStorageWorld, type Device, device, type DeviceArguments } from "./storageWorld.js";

describe("halted messages on the user's other devices", function () {
  this.timeout(360_000);
  let world: NodeWorld;
  const devices: Device[] = [];

  async function deviceOf(...of: DeviceArguments): Promise<Device> {
    const made = await device(world, ...of);
    devices.push(made);
    return made;
  }
  const kept = () => [...world.nodes[0].storage.messages.values()];
  const halted = () => kept().filter(({ isHalted }) => isHalted);

  /** By a device that is gone then. */
  async function leftBehind(text: string): Promise<void> {
    const phone = await deviceOf("alice");
    const { id } = await phone.send("bob.eth", text);
    expect((await phone.settled(id)).mark).to.equal("held");
    await eventually(() => {
      expect(halted()).to.have.length(1);
    });
    await phone.storage.settled();
    await phone.leave();
  }

  /** A store that does not return from keeping a message that is taken over, and the way to let it. */
  function hanging(store: KeyValue) {
    let goOn: () => void = () => undefined;
    let isHanging = false;
    const released = new Promise<void>((resolve) => (goOn = resolve));
    const set: KeyValue["set"] = async (key, value) => {
      await store.set(key, value);
      if (!key.startsWith("storage/own/halted/")) return;
      isHanging = true;
      await released;
    };
    return { store: { ...store, set }, goOn, isHanging: () => isHanging };
  }

  beforeEach(async () => {
    world = await createStorageWorld();
    await world.ens.setText("bob.eth", "network.dm3.profile", "");
  });
  afterEach(async () => {
    for (const one of devices.splice(0)) await one.leave();
    await world.close();
  });

  const textOf = ({ content }: { readonly content: object }) =>
    "text" in content ? content.text : null;

  it("stay there where a device dies while it takes one over, and are sent by it later", async () => {
    await leftBehind("not taken back");
    const store = memoryKeyValue();
    const dying = hanging(store);
    const desk = await deviceOf("alice", undefined, { store: dying.store });
    await desk.within(50);
    await eventually(() => {
      expect(dying.isHanging()).to.equal(true);
    });
    await desk.leave();

    const again = await deviceOf("alice", undefined, { store });
    await again.within(300);
    await again.storage.settled();
    expect(halted()).to.have.length(1);
    await world.publish("bob");
    const other = await deviceOf("bob");
    expect(textOf(await other.next())).to.equal("not taken back");
  });

  it("stay there where a second page begins while the first takes one over", async () => {
    await leftBehind("of two pages");
    const store = memoryKeyValue();
    const first = hanging(store);
    const page = await deviceOf("alice", undefined, { store: first.store });
    await page.within(50);
    await eventually(() => {
      expect(first.isHanging()).to.equal(true);
    });
    const second = await deviceOf("alice", undefined, { store });
    await second.storage.settled();
    first.goOn();
    await eventually(async () => {
      expect(await page.outgoing()).to.have.length(1);
    });
    await page.storage.settled();
    await second.storage.settled();
    expect(halted()).to.have.length(1);
    await world.publish("bob");
    await eventually(async () => {
      await page.storage.settled();
      expect(halted()).to.deep.equal([]);
    });
  });

  for (const status of [503, 409]) {
    it(`are not taken over by the device that took them back, while clearing them is answered ${status}`, async () => {
      const store = memoryKeyValue();
      const phone = await deviceOf("alice", undefined, { store });
      const { id } = await phone.send("bob.eth", "a mistake");
      await phone.settled(id);
      await eventually(() => {
        expect(halted()).to.have.length(1);
      });
      await phone.storage.settled();
      let looks = 0;
      world.nodes[0].bend = ({ path }, response) => {
        if (path.endsWith("/getHaltedMessages")) looks++;
        if (!path.endsWith("/clearHaltedMessage")) return false;
        response.sendStatus(status);
        return true;
      };
      expect(await phone.withdraw(id)).to.equal(true);
      await phone.leave();

      const again = await deviceOf("alice", undefined, { store });
      await again.within(50);
      await eventually(() => {
        expect(looks).to.be.at.least(1);
      });
      await world.publish("bob");
      const other = await deviceOf("bob");
      expect(await other.within(700)).to.deep.equal([]);
      expect(await again.outgoing()).to.deep.equal([]);
      world.nodes[0].bend = () => false;
      again.wake();
      await again.storage.settled();
      expect(halted()).to.deep.equal([]);
    });
  }

  describe("that are taken back where they were written", () => {
    let phone: Device;
    let desk: Device;
    let isAway: boolean;
    let store: KeyValue;
    /** For so long the desk may go by what it read, which is longer where that took long. */
    let recentMs: number;

    const openedDesk = () => {
      const guarded = createGuardedFetcher({ allowLoopback: true });
      const fetcher: Fetcher = (request) => {
        const isStorage = request.url.includes("/storage/");
        if (isStorage && isAway) throw new SignpostError("UNREACHABLE", "It is away.", {});
        return guarded(request);
      };
      return deviceOf("alice", undefined, { fetcher, store });
    };

    /** Returns its id at the phone. */
    async function takenOver(): Promise<string> {
      phone = await deviceOf("alice");
      const { id } = await phone.send("bob.eth", "a mistake");
      await phone.settled(id);
      await eventually(() => {
        expect(halted()).to.have.length(1);
      });
      await phone.storage.settled();
      desk = await openedDesk();
      const startMs = Date.now();
      await desk.within(50);
      await eventually(async () => {
        expect((await desk.outgoing()).map(({ mark }) => mark)).to.deep.equal(["held"]);
      });
      recentMs = 2_500 + 10 * (Date.now() - startMs);
      return id;
    }

    async function withdrawn(id: string): Promise<void> {
      expect(await phone.withdraw(id)).to.equal(true);
      await phone.storage.settled();
      expect(halted()).to.deep.equal([]);
    }

    beforeEach(() => {
      isAway = false;
      store = memoryKeyValue();
    });

    it("are not sent by a device that took them over", async () => {
      await withdrawn(await takenOver());
      await delay(recentMs);
      await world.publish("bob");
      const other = await deviceOf("bob");
      expect(await other.within(700)).to.deep.equal([]);
      await eventually(async () => {
        expect(await desk.outgoing()).to.deep.equal([]);
      });
      await desk.storage.settled();
      expect(desk.problems).to.deep.equal([]);
    });

    it("wait there as long as the storage does not say whether they are", async () => {
      const id = await takenOver();
      await phone.leave();
      await delay(recentMs);
      isAway = true;
      await world.publish("bob");
      const other = await deviceOf("bob");
      expect(await other.within(500)).to.deep.equal([]);
      expect((await desk.outgoing()).map(({ mark }) => mark)).to.deep.equal(["held"]);
      isAway = false;
      expect(textOf(await other.next())).to.equal("a mistake");
      expect(id).not.to.equal((await desk.outgoing())[0]?.id);
    });

    it("leave the outbox there with the next look", async () => {
      const id = await takenOver();
      await desk.leave();
      await withdrawn(id);
      desk = await openedDesk();
      expect(await desk.outgoing()).to.have.length(1);
      await desk.within(50);
      await eventually(async () => {
        expect(await desk.outgoing()).to.deep.equal([]);
      });
      expect(await store.entries("storage/own/")).to.deep.equal([]);
    });

    it("stay there while the storage does not tell all that is halted", async () => {
      await takenOver();
      await desk.leave();
      world.nodes[0].bend = ({ path }, response) => {
        if (!path.endsWith("/getHaltedMessages")) return false;
        // more is said to come, and never does
        response.setHeader("signpost-cursor", "1");
        response.json([]);
        return true;
      };
      desk = await openedDesk();
      await desk.within(300);
      expect(await desk.outgoing()).to.have.length(1);
    });
  });
});

describe("whether a message that was taken over may be sent", () => {
  const given = { type: "NEW", text: "x", from: "alice.eth", to: "bob.eth" } as const;
  let nowMs: number;
  let rows: readonly { readonly id: string; readonly sealedContainer: string }[];
  let asked: number;
  let hash: string;

  /** One device, over what its store has; it was handed the message over. */
  async function taking(store = memoryKeyValue()) {
    const keys = await keysOf(ENGINES.node, "alice");
    const message = await signMessage(
      keys.signingKey,
      unsignedMessage({ ...given, timestampMs: 1 }),
    );
    hash = dm3Hash(message);
    rows = [
      { id: "0x1", sealedContainer: await sealContainer(keys, containerOfSent(message, true)) },
    ];
    const api = {
      halted: () => {
        asked++;
        return Promise.resolve({ rows, next: null });
      },
    } as unknown as StorageApi;
    const account = {
      name: "alice.eth",
      seal: null as never,
      at: <T>(work: (api: StorageApi, token: string) => Promise<T>) => work(api, "token"),
    };
    const connection = { account: () => Promise.resolve(account) };
    const messages = createOwnMessages(store);
    const parts = {
      ...{ keys: [keys] as const, ownNames: ["alice.eth"], messages },
      clock: { nowMs: () => nowMs, chance: () => 0 },
      outgoing: {
        report: () => Promise.resolve(null),
        sendWritten: () => Promise.reject(new Error("nothing is sent")),
        remove: () => Promise.resolve(true),
      },
    };
    const failed = (thrown: unknown) => {
      throw thrown;
    };
    const pending = createPendingWrites({
      ...{ store, instance: "one", nowMs: () => nowMs, onAdded: () => undefined },
    });
    const write = async (one: Write) => {
      await pending.add(one);
    };
    const own = createOwnWriting({ ...parts, write, onDefect: failed });
    const halted = createHaltedMessages(connection, parts);
    await messages.put(`halted/${hash}`, {
      ...{ given: { ...given, timestampMs: 1 }, isHalted: true, isHandedOver: true },
    });
    return createTakingOver({ ...parts, halted, own, pending, onFailure: failed });
  }

  beforeEach(() => {
    nowMs = 100_000;
    asked = 0;
  });

  it("is what the storage said a moment ago, and asked anew after that, or when the clock was set back", async () => {
    const takingOver = await taking();
    expect(await takingOver.mayBeSent(`halted/${hash}`)).to.equal(true);
    nowMs += 1_999;
    expect(await takingOver.mayBeSent(`halted/${hash}`)).to.equal(true);
    expect(asked).to.equal(1);
    nowMs += 1;
    expect(await takingOver.mayBeSent(`halted/${hash}`)).to.equal(true);
    expect(asked).to.equal(2);
    rows = [];
    nowMs -= 50_000;
    expect(await takingOver.mayBeSent(`halted/${hash}`)).to.equal(false);
  });

  it("is no where this device is done with it, whatever the storage says", async () => {
    const store = memoryKeyValue();
    const before = createPendingWrites({
      ...{ store, instance: "before", nowMs: () => nowMs, onAdded: () => undefined },
    });
    const takingOver = await taking(store);
    await before.add({ kind: "clear", contact: "bob.eth", messageHash: hash });
    expect(await takingOver.mayBeSent(`halted/${hash}`)).to.equal(false);
    const another = await taking();
    another.cleared(hash);
    expect(await another.mayBeSent(`halted/${hash}`)).to.equal(false);
  });
});
