import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { sha256OfText } from "../../src/abi/sha256.js";
import { decodeMessage } from "../../src/dm3/message/decodeMessage.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { asciiJson } from "../../src/messaging/asciiJson.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { statementsDuring } from "../db/statements.js";
import { bobReads } from "../dm3/message/sampleEnvelopes.js";
import { BOB } from "../relay/relayWorld.js";
import {
  BOB_AT_CHAT,
  bobsLink,
  bobsProfile,
  type GatewayWorld,
  openGatewayWorld,
} from "./gatewayWorld.js";

describe("messaging: injecting", () => {
  let world: GatewayWorld;
  beforeEach(async () => {
    world = await openGatewayWorld();
    await world.gateway.events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(world.relay.clock.nowMs)));
    await settled();
  });
  afterEach(() => world.close());

  /** Everything that waits was found and offered. */
  async function settled(): Promise<void> {
    await world.gateway.poll();
    await world.gateway.idle();
  }

  async function write(...texts: readonly string[]): Promise<void> {
    for (const text of texts) await world.relay.submit(await world.relay.write({ text }));
  }

  const states = async () => {
    const { pool, tables } = world.relay.database;
    const text = `select state, envelope is null as ended from ${tables.message} order by number`;
    return (await pool.query<{ state: string; ended: boolean }>(text)).rows;
  };

  const texts = async () => {
    const reads = await bobReads(nodeEngine);
    const all = world.network.injected.map(async ({ envelope }) => {
      const { content } = await decodeMessage(envelope, reads);
      return content.type === "NEW" ? content.text : content.type;
    });
    return Promise.all(all);
  };

  it("hands over what waits, in its order, and bob reads what alice wrote", async () => {
    await write("one", "two", "three");
    await settled();
    expect(await texts()).to.deep.equal(["one", "two", "three"]);
    for (const { to, from, envelope, hash, number } of world.network.injected) {
      expect([to, from]).to.deep.equal([BOB_AT_CHAT, "alice.eth"]);
      expect(hash).to.equal(toHex(sha256OfText(envelope)).slice(2));
      expect(number).to.be.above(0);
    }
    expect(await states()).to.deep.equal(Array(3).fill({ state: "injected", ended: false }));
  });

  it("hands it over at once when the relay node says so", async () => {
    await write("one");
    world.gateway.kick(BOB);
    await world.gateway.idle();
    expect(await texts()).to.deep.equal(["one"]);
  });

  it("asks little for each message: its page, and one statement where the network took it", async () => {
    await write("one");
    await settled();
    const { gateway, network } = world;
    network.onInject = async (deliveries) => {
      for (const { to, hash, number } of deliveries)
        await gateway.events.taken(to, { hash, number });
    };
    await write("two");
    const asked = await statementsDuring(async () => {
      gateway.kick(BOB);
      await gateway.idle();
    });
    const ofMessages = asked.filter((text) => /^[a-z-]+$/.test(text));
    expect(ofMessages).to.deep.equal(["unconfirmed", "end-injected"]);
    expect(await texts()).to.deep.equal(["one", "two"]);
    expect((await states()).map(({ state }) => state)).to.deep.equal(["injected", "injected"]);
  });

  it("reads nothing of what the relay node kept in the same process, unless something is in between", async () => {
    await write("one");
    await settled();
    const handOver = async (text: string) => {
      const { message } = await world.relay.submit(await world.relay.write({ text }));
      return statementsDuring(async () => {
        world.gateway.kick(BOB, message);
        await world.gateway.idle();
      });
    };
    const asked = await handOver("two");
    expect(asked.filter((text) => text === "unconfirmed")).to.deep.equal([]);
    expect(await texts()).to.deep.equal(["one", "two"]);
    await write("of another process");
    await handOver("three");
    expect(await texts()).to.deep.equal(["one", "two", "of another process", "three"]);
    world.gateway.kick(BOB);
    await world.gateway.idle();
    expect(await states()).to.deep.equal(Array(4).fill({ state: "injected", ended: false }));
    expect(await texts()).to.have.length(4);
  });

  it("hands one envelope over once that was submitted several times at the same moment", async () => {
    await write("one");
    await settled();
    const envelope = await world.relay.write({ text: "two" });
    const all = await Promise.all(Array.from({ length: 8 }, () => world.relay.submit(envelope)));
    for (const { message } of all) if (message !== null) world.gateway.kick(BOB, message);
    await world.gateway.idle();
    expect(await texts()).to.deep.equal(["one", "two"]);
    expect(all.filter(({ number }) => number !== null)).to.have.length(1);
  });

  it("hands over several pages, however long they are", async () => {
    const long = "x".repeat(60_000);
    const all = Array.from({ length: 70 }, (_, index) => `${index} ${index < 6 ? long : ""}`);
    await write(...all);
    world.gateway.kick(BOB);
    await world.gateway.idle();
    expect(await texts()).to.deep.equal(all);
  });

  it("leaves an account alone as long as the network asks, and goes on then", async () => {
    let asked = 0;
    world.network.onInject = () => {
      asked++;
      const sentence = "The server asks to come again later.";
      throw new SignpostError("UNREACHABLE", sentence, { retryAfterSec: 60 });
    };
    await write("one");
    for (let time = 0; time < 3; time++) await settled();
    expect(asked).to.equal(1);
    world.network.onInject = () => Promise.resolve();
    world.relay.clock.nowMs += 59_000;
    await settled();
    expect(world.network.injected).to.deep.equal([]);
    world.relay.clock.nowMs += 1_000;
    await settled();
    expect(await texts()).to.deep.equal(["one"]);
  });

  it("hands nothing over twice while the connection lasts", async () => {
    await write("one");
    await settled();
    await settled();
    await write("two");
    await settled();
    expect(await texts()).to.deep.equal(["one", "two"]);
  });

  it("hands the same bytes over again after a new connection, until they were accepted", async () => {
    await write("one", "two");
    await settled();
    const [first, second] = world.network.injected;
    await world.gateway.events.delivered(BOB_AT_CHAT, first!);
    world.gateway.events.disconnected();
    world.gateway.events.connected();
    await settled();
    expect(world.network.injected.slice(2)).to.deep.equal([second]);
    expect(await states()).to.deep.equal([
      { state: "delivered", ended: true },
      { state: "injected", ended: false },
    ]);
  });

  it("hands it over again when the user's client starts", async () => {
    await write("one");
    await settled();
    await world.gateway.events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(world.relay.clock.nowMs)));
    await settled();
    expect(await texts()).to.deep.equal(["one", "one"]);
  });

  it("does not go on without end for a client that starts again and again", async () => {
    await write("one");
    for (let start = 0; start < 10; start++) {
      await world.gateway.events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(world.relay.clock.nowMs)));
      await settled();
    }
    expect(world.network.injected.length).to.be.within(2, 7);
  });

  it("goes on from the beginning where the connection broke, and loses nothing", async () => {
    await write(...Array.from({ length: 150 }, (_, index) => `${index}`));
    let calls = 0;
    world.network.onInject = () => {
      calls++;
      return calls === 2
        ? Promise.reject(new SignpostError("UNREACHABLE", "The connection ended."))
        : Promise.resolve();
    };
    await settled();
    world.gateway.events.connected();
    await settled();
    await settled();
    const seen = new Set(await texts());
    expect(seen.size).to.equal(150);
    expect(world.failures).to.deep.equal([]);
  });

  it("has caught up when all that waited at the start was handed over once", async () => {
    await world.close();
    world = await openGatewayWorld();
    const { events } = world.gateway;
    expect(events.hasCaughtUp()).to.equal(false);
    await events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(world.relay.clock.nowMs)));
    await world.gateway.idle();
    await write("one");
    const seen: boolean[] = [];
    world.network.onInject = () => {
      seen.push(events.hasCaughtUp());
      return Promise.resolve();
    };
    await settled();
    expect(seen).to.deep.equal([false]);
    expect(events.hasCaughtUp()).to.equal(true);
    await write("two");
    await settled();
    expect(seen).to.deep.equal([false, true]);
  });

  it("hands nothing over while there is no connection", async () => {
    world.network.connected = false;
    await write("one");
    world.gateway.kick(BOB);
    await settled();
    expect(world.network.injected).to.deep.equal([]);
    world.network.connected = true;
    await settled();
    expect(await texts()).to.deep.equal(["one"]);
  });

  it("ends what the network will never take, unless the user's client has it all the same", async () => {
    await write("one", "two");
    await settled();
    const [one, two] = world.network.injected;
    for (const { hash, number } of [one!, two!]) {
      await world.gateway.events.refused(BOB_AT_CHAT, { hash, number, sentence: "blocked" });
    }
    await world.gateway.events.delivered(BOB_AT_CHAT, two!);
    await world.gateway.events.refused(BOB_AT_CHAT, { ...two!, sentence: "late" });
    expect(await states()).to.deep.equal([
      { state: "refused", ended: true },
      { state: "delivered", ended: true },
    ]);
  });

  it("lets nobody accept or refuse what is another user's", async () => {
    await write("one");
    await settled();
    const mallory = parseNativeAddress("mallory@chat.example", "xmpp");
    await world.gateway.events.delivered(mallory, world.network.injected[0]!);
    await world.gateway.events.refused(mallory, { ...world.network.injected[0]!, sentence: "" });
    expect(await states()).to.deep.equal([{ state: "injected", ended: false }]);
  });

  it("ends nothing by a number alone, which an account made anew counts again", async () => {
    await write("one");
    await settled();
    const [one] = world.network.injected;
    const accepted = { number: one!.number, hash: "ab".repeat(32) };
    await world.gateway.events.delivered(BOB_AT_CHAT, accepted);
    await world.gateway.events.refused(BOB_AT_CHAT, { ...accepted, sentence: "" });
    expect(await states()).to.deep.equal([{ state: "injected", ended: false }]);
  });

  it("begins at the first message of an account that was removed and made anew", async () => {
    await write("one", "two", "three");
    await settled();
    await world.relay.database.accounts.removeAccount(BOB);
    const signed = bobsProfile();
    const name = "bob.users.example.eth" as NormalName;
    await world.relay.database.accounts.putAccount({ address: BOB, name, signed });
    await write("four");
    await settled();
    expect(await texts()).to.deep.equal(["one", "two", "three", "four"]);
  });

  it("leaves the mailbox empty when everything was accepted", async () => {
    await write("one", "two");
    await settled();
    for (const delivery of world.network.injected) {
      await world.gateway.events.delivered(BOB_AT_CHAT, delivery);
      await world.gateway.events.delivered(BOB_AT_CHAT, delivery);
    }
    expect(await world.relay.mailOfBob()).to.deep.equal([]);
    const [account] = await world.relay.database.accounts.accounts(null, 1);
    expect(account).to.include({ messages: 0, bytes: 0 });
  });
});

describe("messaging: JSON in ASCII", () => {
  it("means the same", () => {
    const value = { text: 'é\u2028😀"\\ \u007f\u0080', ключ: ["\ud800"] };
    const json = asciiJson(JSON.stringify(value));
    // eslint-disable-next-line no-control-regex
    expect(json).to.match(/^[\x00-\x7e]*$/);
    expect(JSON.parse(json)).to.deep.equal(value);
  });
});
