/** A relay node of the user's that lies, stalls or floods. The other one goes on, and this one is asked seldom. */
import type { IncomingMessage as HttpRequest, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { MessengerOptions } from "../../src/sdk/messagesNode.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import {
  answerJson,
  endless,
  type LoopbackServer,
  never,
  serve,
} from "../lookup/loopbackServer.js";
import { type TestMessenger, testMessenger } from "./messengerWorld.js";

const CHALLENGE = "eyJhbGciOiJIUzI1NiJ9.eyJhY2NvdW50IjoiYm9iLmV0aCJ9.c2lnbmF0dXJl";

type Incoming = (response: ServerResponse, after: string, request: HttpRequest) => void;

describe("messenger, beside a hostile relay node", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let hostile: LoopbackServer;
  let incoming: Incoming;
  let bob: TestMessenger;

  before(async () => {
    world = await createNodeWorld();
    await world.signUp("bob", world.nodes[1]);
    hostile = await serve((request, response) => {
      answered(request, response);
    });
    await world.setUrl(0, hostile.url);
  });
  after(async () => {
    await hostile.close();
    await world.close();
  });
  beforeEach(() => {
    hostile.requests.length = 0;
    incoming = (response) => response.end("[]");
  });
  afterEach(async () => {
    await bob.leave();
    const reader = await bobWith({});
    for await (const message of reader.messages({ follow: false }))
      await reader.acknowledge(message);
    await reader.leave();
  });

  /** It lets everybody in. */
  function answered(request: HttpRequest, response: ServerResponse): void {
    const url = new URL(request.url ?? "", hostile.url);
    if (request.method === "GET" && url.pathname.startsWith("/auth")) {
      answerJson(CHALLENGE)(request, response);
    } else if (url.pathname.startsWith("/delivery/messages/incoming")) {
      incoming(response, url.searchParams.get("after") ?? "", request);
    } else answerJson("a token")(request, response);
  }

  const bobWith = (more: Partial<MessengerOptions>) =>
    testMessenger(world, "bob", { receipts: false, ...more });
  const looks = () => hostile.requests.filter((each) => each.includes("/incoming/"));
  const paged = (response: ServerResponse, next: string, list: readonly unknown[]) =>
    response.setHeader("signpost-cursor", next).end(JSON.stringify(list));

  /** Alice's message, which takes the other relay node. */
  async function gets(text: string): Promise<void> {
    const alice = await testMessenger(world, "alice", { receipts: false });
    const { id } = await alice.send("bob.eth", text);
    expect(await alice.settled(id)).to.include({ acceptedBy: "fallback-ds.example.eth" });
    await alice.leave();
    const message = await bob.next();
    expect(message.content).to.deep.equal({ type: "NEW", text });
    await bob.acknowledge(message);
  }

  it("reads a hundred pages of nonsense in a round, and tells of each envelope once", async () => {
    incoming = (response, after) => paged(response, `${Number(after) + 1}`, [{ nonsense: after }]);
    bob = await bobWith({ pollMs: 600_000 });
    await gets("pages without end");
    while (looks().length < 100) await delay(20);
    await delay(300);
    expect(looks()).to.have.length(100);
    const told = bob.problems.filter(({ relayNode }) => relayNode === "ds.example.eth");
    expect(told).to.have.length(100);
    expect(new Set(told.map(({ error }) => error.code))).to.deep.equal(
      new Set(["ENVELOPE_MALFORMED"]),
    );
  });

  it("comes to what lies behind 10,000 envelopes that it cannot read, and reads those once", async () => {
    const total = 10_000;
    incoming = (response, after) => {
      const start = Number(after);
      const rest = Array.from({ length: Math.min(200, total - start) }, (_, index) => ({
        message: `{"ciphertext":"","ephemPublicKey":"","nonce":"${start + index}"}`,
        metadata: { version: "v1", deliveryInformation: "x", signature: "y" },
      }));
      paged(response, `${start + rest.length}`, rest);
    };
    bob = await bobWith({});
    await gets("behind");
    while (!looks().some((each) => each.endsWith(`after=${total}`))) await delay(20);
    await delay(500);
    expect(bob.problems.filter(({ envelope }) => envelope !== null)).to.have.length(total);
    expect(looks().filter((each) => each.endsWith("after="))).to.have.length(1);
  });

  it("asks a node for no longer pause than five minutes, and is not stormed, whatever Retry-After says", async () => {
    incoming = (response) => response.writeHead(503, { "retry-after": "31536000" }).end();
    const pauses: number[] = [];
    bob = await bobWith({ pollMs: 10 });
    const clock = globalThis.setTimeout;
    globalThis.setTimeout = ((run: () => void, ms = 0, ...more: never[]) => {
      if (ms >= 60_000) pauses.push(ms);
      return clock(run, ms, ...more);
    }) as typeof setTimeout;
    try {
      await gets("a year");
      await delay(300);
    } finally {
      globalThis.setTimeout = clock;
    }
    expect(looks()).to.have.length(1);
    expect(Math.max(...pauses)).to.equal(5 * 60_000);
  });

  const STALLS: readonly (readonly [string, Incoming])[] = [
    [
      "begins an answer and never ends it",
      (response, _after, request) => {
        never(request, response);
      },
    ],
    [
      "sends without end",
      (response, _after, request) => {
        endless(request, response);
      },
    ],
    ["has a cursor of 10,000 digits", (response) => paged(response, "1".repeat(10_000), [])],
    ["serves a list of 30,000", (response) => response.end(JSON.stringify(Array(30_000).fill(1)))],
    ["nests deeply", (response) => response.end("[".repeat(100_000) + "]".repeat(100_000))],
  ];
  for (const [name, stall] of STALLS) {
    it(`goes on beside one that ${name}`, async () => {
      incoming = stall;
      bob = await bobWith({ pollMs: 600_000 });
      await gets(name);
      await delay(200);
      expect(looks()).to.have.length(1);
    });
  }
});
