/** Names that cannot be looked up, or not now: what waits for other people does not wait for them. */
import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { namehash } from "../../src/ens/namehash.js";
import type { MessengerOptions } from "../../src/sdk/messagesNode.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";
import { provider } from "../lookup/localEns.js";
import { eventually } from "./eventually.js";
import { createStorageWorld, type Device, device } from "./storageWorld.js";

type Rpc = Extract<MessengerOptions["rpc"], { readonly request: unknown }>;

/** The chain, where questions about some names get no answer, or a failure. */
function chainWithout(names: readonly string[], how: () => Promise<never>) {
  const bent = new Set(names.map((name) => toHex(namehash(name)).slice(2)));
  let asked = 0;
  const request = (question: { readonly method: string; readonly params?: unknown }) => {
    const text = JSON.stringify(question.params ?? []);
    if (![...bent].some((node) => text.includes(node))) return provider.request(question as never);
    asked++;
    return how();
  };
  return {
    rpc: { request } as unknown as Rpc,
    bend: (name: string) => bent.add(toHex(namehash(name)).slice(2)),
    asked: () => asked,
  };
}

const never = () => new Promise<never>(() => undefined);
const fails = () => Promise.reject(new Error("no answer"));
const SLOW = Array.from({ length: 12 }, (_, index) => `slow${index}.test`);

describe("names that give no answer", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let phone: Device;

  const start = async (rpc: Rpc) => {
    phone = await device(world, "alice", undefined, { rpc, timeoutMs: 30_000, receipts: false });
  };
  const stored = () => world.nodes[0].storage.conversations.length;
  async function quickly(check: () => void, ms: number): Promise<void> {
    const startMs = Date.now();
    await eventually(check);
    expect(Date.now() - startMs).to.be.below(ms);
  }

  beforeEach(async () => {
    world = await createStorageWorld();
  });
  afterEach(async () => {
    await phone.leave();
    await world.close();
  });

  it("hold up nobody else, nor the reading", async () => {
    await start(chainWithout(SLOW, never).rpc);
    for (const name of SLOW.slice(0, 3)) await phone.storage.addConversation(name);
    await phone.storage.addConversation("bob.eth");
    await quickly(() => {
      expect(stored()).to.equal(1);
    }, 5_000);
    const startMs = Date.now();
    expect(await phone.history("bob.eth")).to.deep.equal([]);
    expect(await phone.conversations()).to.have.length(1);
    await phone.storage.deleteConversation("bob.eth");
    expect(Date.now() - startMs).to.be.below(8_000);
  });

  it("are asked side by side, a few at a time, and tried again less and less", async () => {
    const chain = chainWithout(SLOW, fails);
    await start(chain.rpc);
    await phone.conversations();
    for (const name of SLOW) await phone.storage.addConversation(name);
    await eventually(() => {
      expect(phone.problems.length).to.be.at.least(SLOW.length * 3);
    });
    // the pause of those is some seconds now, and nobody else's
    await phone.storage.addConversation("bob.eth");
    await quickly(() => {
      expect(stored()).to.equal(1);
    }, 2_000);
  });

  it("do not matter for a message that was verified when it arrived", async () => {
    const chain = chainWithout([], never);
    await start(chain.rpc);
    const other = await device(world, "bob");
    await other.send("alice.eth", "Hello");
    const message = await phone.next();
    await other.leave();
    chain.bend("bob.eth");
    await phone.acknowledge(message);
    await eventually(() => {
      expect(world.nodes[0].storage.messages.size).to.equal(1);
    });
    await phone.storage.settled();
  });
});
