/** Carrying what alice signed herself, to relay nodes made of dm3's own libraries. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { carriedMessage } from "../../src/sending/carriedMessage.js";
import { carry, type CarryParts } from "../../src/sending/carry.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { keyValueOutbox } from "../../src/sending/keyValueOutbox.js";
import { type OutgoingMessage, raised } from "../../src/sending/outgoingMessage.js";
import { workOff } from "../../src/sending/sender.js";
import { senderTurns } from "../../src/sending/senderTurns.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { addressOf, createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";

const BOB = addressOf("bob");
const NODES = ["ds.example.eth", "fallback-ds.example.eth"];
const PATIENCE = {
  ...{ deadlineMs: 20_000, refusalMs: 5_000, heldMs: 50 },
  ...{ unreachableFirstMs: 20, unreachableMostMs: 200, laterFirstMs: 50, laterMostMs: 200 },
};

describe("sending: carry", () => {
  let world: NodeWorld;
  let parts: CarryParts;
  before(async () => {
    world = await createNodeWorld(["messageHash", "messageHash"]);
    for (const node of world.nodes) await world.signUp("bob", node);
    parts = {
      profileOf: (name) => resolveProfile(name, world.options),
      submit: { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 5_000 },
      ...{ patience: PATIENCE, nowMs: Date.now, chance: () => 0.5, mayHold: false },
    };
  });
  after(() => world.close());
  beforeEach(() => {
    for (const node of world.nodes) {
      node.bend = () => false;
      node.requests.length = 0;
    }
  });

  /** For bob's relay nodes of now, or only some of them. */
  async function written(text: string, nodes: readonly string[] = NODES, to = "bob.eth") {
    const receiver = await resolveProfile("bob.eth", world.options);
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const message = { from: "alice.eth", to: "bob.eth", type: "NEW", text } as const;
    const keys = await keysOf(ENGINES.node, "alice");
    const { envelopes } = await encodeMessage({ ...message, timestampMs: 1 }, { keys, receiver });
    const carried = { envelopes: envelopes.filter((one) => nodes.includes(one.relayNode)) };
    const given = { id: text, from: "alice.eth", to, carried };
    return carriedMessage(given, Date.now(), PATIENCE.deadlineMs);
  }

  const keptBy = (which: 0 | 1, { sealed }: OutgoingMessage) =>
    world.nodes[which].kept(BOB).filter(({ message }) => message === sealed?.encrypted);

  it("holds up no other sender while the relay nodes of one do not answer", async () => {
    const outbox = keyValueOutbox(memoryKeyValue());
    const begun = new Map<string, number>();
    const never = new AbortController();
    const ended: string[] = [];
    const goOn = async (message: OutgoingMessage) => {
      begun.set(message.from, (begun.get(message.from) ?? 0) + 1);
      if (message.from === "eve.eth" && !never.signal.aborted) {
        await new Promise((resolve) => {
          never.signal.addEventListener("abort", resolve);
        });
      }
      ended.push(message.id);
      return raised(message, "accepted");
    };
    const message = await written("share");
    for (let index = 0; index < 20; index++) {
      await outbox.add({ ...message, id: `eve ${index}`, from: "eve.eth", to: `n${index}.eth` });
    }
    await outbox.add({ ...message, id: "alice", createdMs: message.createdMs + 1 });
    const failures: unknown[] = [];
    const sender = workOff(
      {
        ...{ ...parts, outbox, pace: { atOnce: 8 } },
        turns: senderTurns(outbox, Date.now, 4),
        sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
        reportFailure: (error) => failures.push(error),
      },
      goOn,
    );
    const until = async (holds: () => boolean) => {
      for (let turn = 0; turn < 2_000 && !holds(); turn++) await delay(10);
      expect(holds()).to.equal(true);
    };
    await until(() => ended.includes("alice"));
    expect(begun.get("eve.eth")).to.equal(4);
    never.abort();
    await until(() => ended.length === 21);
    await sender.stop();
    expect(failures).to.deep.equal([]);
  });

  it("leaves the rest of many silent relay nodes for another time, and refuses nothing before they were asked", async () => {
    let nowMs = Date.now();
    const message = await written("silent");
    const after = await carry(
      {
        ...{ ...parts, nowMs: () => nowMs },
        submit: {
          timeoutMs: 10_000,
          fetcher: () => {
            nowMs += 20_000;
            const body = new TextEncoder().encode('{"error":"no"}');
            return Promise.resolve({ status: 400, body, contentType: "application/json" } as never);
          },
        },
      },
      { ...message, deadlineMs: nowMs + 1_000_000 },
    );
    expect(Object.keys(after.nodes)).to.deep.equal([NODES[0]]);
    expect([after.state, after.dueMs! > nowMs]).to.deep.equal([null, true]);
  });

  it("brings the same bytes to the first relay node", async () => {
    const message = await written("first");
    const after = await carry(parts, message);
    expect(after).to.include({ state: "accepted", acceptedBy: NODES[0], dueMs: null });
    const [kept] = keptBy(0, message);
    const { metadata } = message.sealed!.envelopes[NODES[0]!]!.envelope;
    expect(kept?.metadata.signature).to.equal(metadata.signature);
    expect(keptBy(1, message)).to.deep.equal([]);
  });

  it("goes on to the next one where the first gives no answer", async () => {
    world.nodes[0].bend = (_request, response) => {
      response.destroy();
      return true;
    };
    const message = await written("second");
    const after = await carry(parts, message);
    expect(after).to.include({ state: "accepted", acceptedBy: NODES[1] });
    expect(after.nodes[NODES[0]!]).to.include({ status: "unreachable" });
    expect(keptBy(1, message)).to.have.length(1);
  });

  it("says that it has to be encrypted again where no relay node of now has an envelope", async () => {
    const after = await carry(parts, await written("elsewhere", []));
    expect(after).to.include({ state: "refused" });
    expect(after.why).to.include({ reason: "wrong-key" });
    expect(after.why?.sentence).to.match(/no envelope for the relay node ds\.example\.eth/);
  });

  it("asks its signer, and does not sign, where the relay node knows another key of the sender", async () => {
    for (const node of world.nodes) {
      node.bend = (request, response) => {
        if (request.path !== "/rpc") return false;
        const data = { code: "WRONG_METADATA_SIGNATURE" };
        response.json({ jsonrpc: "2.0", id: 1, error: { code: -32602, message: "no", data } });
        return true;
      };
    }
    const after = await carry(parts, await written("other key"));
    expect(after).to.include({ state: "refused", sealed: null });
    expect(after.why).to.include({ reason: "wrong-key" });
  });

  it("refuses what goes to nobody, and holds nothing back for later", async () => {
    const after = await carry(parts, await written("nobody", NODES, "nobody.eth"));
    expect(after).to.include({ state: "refused", mark: null });
    expect(after.why).to.include({ reason: "no-profile" });
  });

  it("waits for a relay node that is away, and works its outbox off when it is back", async () => {
    for (const node of world.nodes) {
      node.bend = (_request, response) => {
        response.destroy();
        return true;
      };
    }
    const outbox = keyValueOutbox(memoryKeyValue());
    const failures: unknown[] = [];
    const work = { ...parts, outbox, reportFailure: (error: unknown) => failures.push(error) };
    const sleep = (ms: number, signal: AbortSignal) =>
      delay(ms, undefined, { signal }).catch(() => undefined);
    const sender = workOff({ ...work, sleep }, (message) => carry(parts, message));
    const message = await written("later");
    await outbox.add(message);
    sender.wake();
    await until(async () => (await outbox.get("later"))?.why?.reason === "unreachable");
    for (const node of world.nodes) node.bend = () => false;
    await until(async () => (await outbox.get("later"))?.state === "accepted");
    await sender.stop();
    expect(keptBy(0, message).length + keptBy(1, message).length).to.equal(1);
    expect(failures).to.deep.equal([]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error("It never came to that.");
    await delay(10);
  }
}
