/** Relay nodes of strangers that are slow, or say no: whom they hold up, and for how long. */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { sealBlob } from "../../../src/dm3/blob/sealedBlob.js";
import {
  keptNativeAttachments,
  NATIVE_PIECE,
  nativePiecesOf,
} from "../../../src/dm3/message/nativeMessage.js";
import type { VirtualUser } from "../../../src/messaging/bridge/custody.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { until } from "../../mail/until.js";
import { ALICE, type BridgeWorld, openBridgeWorld } from "./bridgeWorld.js";

const LONG = Uint8Array.from({ length: 2 * NATIVE_PIECE + 500_000 }, (_, index) => index % 251);
const DAY_SEC = 86_400;

describe("messaging: long messages from slow relay nodes", () => {
  let world: BridgeWorld;
  let user: VirtualUser;
  beforeEach(async () => {
    world = await openBridgeWorld();
    user = await world.user();
  });
  afterEach(() => world.close());

  async function keptAt(bytes: Uint8Array) {
    const pieces = [];
    for (const piece of nativePiecesOf(bytes)) {
      const { sealed, ...seal } = await sealBlob(nodeEngine, piece);
      const url = `${relayNode.profile.url}/blobs/${toHex(seal.sha256).slice(2)}`;
      world.files.at.set(url, sealed);
      pieces.push({ ...seal, url });
    }
    return keptNativeAttachments(pieces);
  }
  const write = async (bytes: Uint8Array, to = user) =>
    world.aliceWrites({ type: "NEW", text: "", attachments: await keptAt(bytes) }, to);
  const pass = (sec: number) => {
    world.relay.clock.nowMs += sec * 1_000;
    return Promise.resolve();
  };
  async function after(sec: number): Promise<void> {
    await pass(sec);
    await world.gateway.poll();
    await world.gateway.idle();
  }

  it("have one time for all their pieces, by their size", async () => {
    world.files.before = () => pass(12);
    await write(LONG);
    const all = 15_000 + Math.ceil(LONG.length / 500);
    expect(world.files.times).to.deep.equal([all, all - 12_000]);
    expect(world.network.sent).to.deep.equal([]);
    expect(await world.stateOf(1)).to.include({ state: "accepted" });
    world.files.before = () => Promise.resolve();
    await after(30);
    expect(world.network.sent).to.have.length(1);
  });

  it("hold up nobody's short messages, however many are fetched", async () => {
    const receivers = [];
    for (let count = 0; count < 8; count++) {
      const native = { localPart: `p${count}`, domain: "mail.test" };
      receivers.push(
        await world.newCustody().userFor(native, world.gateway.events, {
          is: "introduced",
          network: null,
        }),
      );
    }
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.files.before = () => held;
    const slow = receivers.map((receiver, index) => write(Uint8Array.of(index), receiver));
    const short = world.aliceWrites(world.letter, user);
    try {
      await until(() => world.network.sent.length === 1);
      expect(world.files.asked).to.be.most(2);
    } finally {
      release();
    }
    await Promise.all([...slow, short]);
    for (let count = 0; count < 4; count++) await after(10);
    expect(world.network.sent).to.have.length(9);
  });

  it("are not fetched for a time from a host where that was slow and failed three times", async () => {
    world.files.before = () => pass(6);
    world.files.isSilent = true;
    await write(LONG);
    for (let count = 0; count < 3; count++) await after(300);
    expect(world.files.asked).to.equal(3);
    world.files.isSilent = false;
    world.files.before = () => Promise.resolve();
    await after(3_600);
    expect(world.network.sent).to.have.length(1);
  });

  it("count for their sender as far as they were fetched", async () => {
    const most = 1_000_000_000;
    const left = LONG.length + NATIVE_PIECE;
    world.counter.take(`fetched for ${ALICE}`, most, DAY_SEC, most - left);
    world.files.isSilent = true;
    await write(LONG);
    world.files.isSilent = false;
    await after(30);
    expect(world.network.sent).to.have.length(1);
  });

  it("count for all names of their sender's ENS domain, and for the host", async () => {
    const { host } = new URL(relayNode.profile.url);
    for (const [whose, most] of [
      ["*.alice.eth", 4_000_000_000],
      [`host ${host}`, 10_000_000_000],
    ] as const) {
      await pass(DAY_SEC);
      expect(world.counter.take(`fetched for ${whose}`, most, DAY_SEC, most)).to.equal(null);
      await write(LONG);
      expect(world.files.asked, whose).to.equal(0);
      world.counter.giveBack(`fetched for ${whose}`, most);
      await after(DAY_SEC);
      world.files.asked = 0;
    }
    expect(world.network.sent).to.have.length(2);
  });

  it("are given up after five days, and their sender learns it", async () => {
    // the relay node's database numbers by its own clock
    world.relay.clock.nowMs = Math.max(world.relay.clock.nowMs, Date.now());
    world.files.isSilent = true;
    await write(LONG);
    await after(4 * DAY_SEC);
    expect(await world.stateOf(1)).to.include({ state: "accepted" });
    await after(DAY_SEC + 3_600);
    expect(await world.stateOf(1)).to.include({ state: "refused" });
    const [answer] = await world.onTheWay();
    expect("text" in answer!.content && answer!.content.text).to.match(
      /^Not delivered to bob@mail\.test: It waited for 5 days/,
    );
  });

  it("end where the host says no for good, and their sender learns why", async () => {
    world.files.status = 403;
    await write(LONG);
    const [answer] = await world.onTheWay();
    expect(answer!.content).to.include({ type: "REPLY" });
    expect("text" in answer!.content && answer!.content.text).to.match(/answered 403/);
    expect(world.network.sent).to.deep.equal([]);
  });

  for (const status of [408, 425, 429, 500, 503]) {
    it(`wait where the host answers ${status}`, async () => {
      world.files.status = status;
      await write(LONG);
      expect(await world.stateOf(1)).to.include({ state: "accepted" });
      world.files.status = null;
      await after(30);
      expect(world.network.sent).to.have.length(1);
    });
  }
});
