/** A message that waits for its sender holds up that sender's others alone, however many there are. */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { sealBlob } from "../../../src/dm3/blob/sealedBlob.js";
import { keptNativeAttachments, nativeAttachment } from "../../../src/dm3/message/nativeMessage.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { SignpostError } from "../../../src/errors.js";
import type { VirtualUser } from "../../../src/messaging/bridge/custody.js";
import { ofSender } from "../../../src/messaging/bridge/ofSender.js";
import { nodeEngine } from "../../../src/native/nodeEngine.js";
import { relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { ALICE, type BridgeWorld, openBridgeWorld } from "./bridgeWorld.js";

/** More than one page of a mailbox. */
const MANY = 70;

describe("messaging: senders whose messages wait at a bridge", () => {
  let world: BridgeWorld;
  let user: VirtualUser;
  let other: NormalName;
  let written = 0;
  beforeEach(async () => {
    world = await openBridgeWorld();
    user = await world.user();
    other = world.long.name;
    written = 0;
  });
  afterEach(() => world.close());

  const bytesOf = (number: number) => new TextEncoder().encode(`Subject: ${number}\r\n\r\n`);
  /** Inside of the envelope; numbered in their order. */
  const write = (from: NormalName) =>
    world.aliceWrites(
      { type: "NEW", text: "", attachments: [nativeAttachment(bytesOf(written++))] },
      user,
      from,
    );
  /** At alice's relay node. */
  async function writeKept(): Promise<void> {
    const { sealed, ...seal } = await sealBlob(nodeEngine, bytesOf(written++));
    const url = `${relayNode.profile.url}/blobs/${toHex(seal.sha256).slice(2)}`;
    world.files.at.set(url, sealed);
    const attachments = keptNativeAttachments([{ ...seal, url }]);
    await world.aliceWrites({ type: "NEW", text: "", attachments }, user);
  }
  async function after(sec: number): Promise<void> {
    world.relay.clock.nowMs += sec * 1_000;
    await world.gateway.poll();
    await world.gateway.idle();
  }
  const sent = () =>
    world.network.sent.map(({ from, bytes }) => [
      from === ALICE ? "alice" : "other",
      Number(/\d+/.exec(new TextDecoder().decode(bytes))?.[0]),
    ]);

  it("let others' go on, and go on themselves in their order", async () => {
    world.files.isSilent = true;
    await writeKept();
    await write(ALICE);
    await write(other);
    expect(sent()).to.deep.equal([["other", 2]]);
    await write(other);
    expect(sent()).to.deep.equal([
      ["other", 2],
      ["other", 3],
    ]);
    world.files.isSilent = false;
    await after(29);
    expect(sent()).to.have.length(2);
    await after(1);
    expect(sent().slice(2)).to.deep.equal([
      ["alice", 0],
      ["alice", 1],
    ]);
    expect(world.failures).to.deep.equal([]);
  });

  it("fill whole pages of a mailbox, and others behind them are found", async () => {
    world.files.isSilent = true;
    await writeKept();
    for (let count = 0; count < MANY; count++) await write(ALICE);
    await write(other);
    expect(sent()).to.deep.equal([["other", MANY + 1]]);
    world.files.isSilent = false;
    await after(30);
    const ofAlice = sent().slice(1);
    expect(ofAlice.map(([, number]) => number)).to.deep.equal(
      Array.from({ length: MANY + 1 }, (_, index) => index),
    );
  });

  it("stay in their order across pages, however long one takes", async () => {
    world.network.answer = () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."));
    await writeKept();
    for (let count = 0; count < MANY; count++) await write(other);
    await write(ALICE);
    world.files.isSilent = true;
    let isFirst = true;
    world.network.answer = () => {
      // longer than the first message waits for its sender
      if (isFirst) world.relay.clock.nowMs += 100_000;
      isFirst = false;
      return Promise.resolve({ is: "taken" });
    };
    await after(30);
    expect(sent()).to.have.length(MANY);
    world.files.isSilent = false;
    // nor does one that comes now overtake it
    await write(ALICE);
    expect(sent()).to.have.length(MANY);
    await after(30);
    expect(sent().slice(MANY)).to.deep.equal([
      ["alice", 0],
      ["alice", MANY + 1],
      ["alice", MANY + 2],
    ]);
  });

  it("are those over a limit of their own; where the receiver's server is away, all wait", async () => {
    const away = new SignpostError("UNREACHABLE", "Over a limit.", { retryAfterSec: 3_600 });
    let isOver = true;
    world.network.answer = () =>
      isOver ? Promise.reject(ofSender(away)) : Promise.resolve({ is: "taken" });
    await write(ALICE);
    isOver = false;
    await write(other);
    expect(sent()).to.deep.equal([["other", 1]]);
    world.network.answer = () => Promise.reject(new SignpostError("UNREACHABLE", "Cut."));
    await write(other);
    world.network.answer = () => Promise.resolve({ is: "taken" });
    await write(other);
    expect(sent()).to.have.length(1);
    await after(30);
    expect(sent()).to.have.length(3);
    await after(3_600);
    expect(sent().at(-1)).to.deep.equal(["alice", 0]);
  });
});
