/** Messages that one device left in the storage for whichever can send them, and what other devices do with them. */
import { expect } from "chai";
import { type KeyValue, memoryKeyValue } from "../../src/sending/keyValue.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { eventually } from "./eventually.js";
import { createStorageWorld, type Device, device, type DeviceArguments } from "./storageWorld.js";

describe("halted messages on the user's other devices", function () {
  this.timeout(60_000);
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
});
