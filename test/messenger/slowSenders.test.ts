/** Senders whose profiles come late or never, in a mailbox with others: what they cost those behind them, and in which order. */
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { stringify } from "../../src/dm3/stringify.js";
import { encodeMessage } from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { answerJson, type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { type TestMessenger, testMessenger } from "./messengerWorld.js";

const SENDERS = 24;
const CHALLENGE = "eyJhbGciOiJIUzI1NiJ9.eyJhY2NvdW50IjoiYm9iLmV0aCJ9.c2lnbmF0dXJl";

describe("messenger, with senders that are slow to look up", function () {
  this.timeout(360_000);
  let world: NodeWorld;
  let mailbox: LoopbackServer;
  let host: LoopbackServer;
  let bob: TestMessenger;
  /** Requests for profiles that are not answered yet. */
  const asked = new Map<string, ServerResponse>();
  let mostAtOnce = 0;
  let envelopes: unknown[] = [];

  before(async () => {
    world = await createNodeWorld();
    host = await serve((request, response) => {
      asked.set(request.url ?? "", response);
      response.once("close", () => asked.delete(request.url ?? ""));
      mostAtOnce = Math.max(mostAtOnce, asked.size);
    });
    mailbox = await serve((request, response) => {
      const { pathname } = new URL(request.url ?? "", mailbox.url);
      if (pathname.startsWith("/delivery/messages/incoming"))
        answerJson(envelopes)(request, response);
      else if (pathname.startsWith("/auth") && request.method === "GET") {
        answerJson(CHALLENGE)(request, response);
      } else answerJson("a token")(request, response);
    });
    await world.setUrl(0, mailbox.url);
    for (let index = 0; index < SENDERS; index++) {
      const link = `${host.url}/${index}?dm3Hash=0x${"11".repeat(32)}`;
      await world.ens.setResolver(nameOf(index), world.ens.publicResolver);
      await world.ens.setText(nameOf(index), "network.dm3.profile", link);
    }
  });
  after(async () => {
    await Promise.all([mailbox.close(), host.close()]);
    await world.close();
  });
  beforeEach(() => {
    mostAtOnce = 0;
    host.requests.length = 0;
  });
  afterEach(() => bob.leave());

  const nameOf = (index: number) => `s${index}.slow.eth`;

  /** As a relay node hands it over that does not ask who sent it. */
  async function envelopeFrom(from: string, text: string): Promise<object> {
    const receiver = await resolveProfile("bob.eth", world.options);
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const keys = await keysOf(ENGINES.node, "alice");
    const given = { type: "NEW", text, from, to: "bob.eth", timestampMs: 1 } as const;
    const { envelopes: encoded } = await encodeMessage(given, { keys, receiver });
    const { message, metadata } = encoded[0]!.envelope;
    return { message, metadata: { ...metadata, deliveryInformation: { from, to: "bob.eth" } } };
  }

  it("asks for sixteen at once beside the one that it waits for, each once, and keeps the order", async () => {
    const names = Array.from({ length: SENDERS }, (_, index) => nameOf(index));
    const fromSlow = await Promise.all(
      [...names, ...names].map((name, index) => envelopeFrom(name, String(index))),
    );
    envelopes = [...fromSlow, await envelopeFrom("alice.eth", "behind all")].reverse();
    bob = await testMessenger(world, "bob", { receipts: false, timeoutMs: 2_000 });
    const { content } = await bob.next();
    expect(content).to.deep.equal({ type: "NEW", text: "behind all" });
    const told = bob.problems.filter(({ envelope }) => envelope !== null);
    expect(told.map(({ error }) => error.code)).to.deep.equal(fromSlow.map(() => "UNREACHABLE"));
    expect(told.map(({ envelope }) => stringify(envelope))).to.deep.equal(fromSlow.map(stringify));
    expect(host.requests).to.have.length(SENDERS);
    expect(mostAtOnce).to.be.within(10, 17);
  });

  it("asks for nobody any more when it is left", async () => {
    envelopes = await Promise.all(
      Array.from({ length: SENDERS }, (_, index) => envelopeFrom(nameOf(index), "never read")),
    );
    bob = await testMessenger(world, "bob", { receipts: false, timeoutMs: 2_000 });
    const first = bob.next().catch(() => null);
    while (asked.size < 16) await delay(10);
    await bob.leave();
    await first;
    while (asked.size > 0) await delay(10);
    await delay(200);
    expect(host.requests.length).to.be.within(16, 17);
  });
});
