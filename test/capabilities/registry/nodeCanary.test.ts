/** A canary through relay nodes of dm3's libraries and through ours, as they deliver, lie and hang. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Request, Response } from "express";
import {
  type CanaryAccount,
  canaryAccount,
  publishCanary,
} from "../../../src/capabilities/registry/canary/canaryAccount.js";
import { canaryThrough } from "../../../src/capabilities/registry/canary/throughNode.js";
import type { DeliveryServiceProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { createGuardedFetcher } from "../../../src/net/guardedFetch.js";
import type { Finding } from "../../../src/nodes/nodeState.js";
import { bytes } from "../../db/sampleNames.js";
import { createNodeWorld, type NodeWorld } from "../../dm3-node/nodeWorld.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openTestService } from "../../http/openTestService.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { type ServedRelayNode, serveRelayNode } from "../../messenger/servedRelayNode.js";
import services from "../../vectors/delivery-service-profile.json" with { type: "json" };

const CANARY = "canary.example.eth";
const OWN_NODE = "own.example.eth";

describe("capabilities/registry: a canary through a relay node", function () {
  this.timeout(180_000);
  let world: NodeWorld;
  let account: CanaryAccount;

  before(async () => {
    world = await createNodeWorld(["encryptedMessageHash", "messageHash"]);
    account = await canaryAccount({ name: CANARY, secrets: { walletKey: bytes(32, 0x77) } });
    const { ens } = world;
    await ens.setResolver(CANARY, ens.publicResolver);
    await ens.setAddress(CANARY, checksumAddress(account.address));
    await ens.setText(CANARY, DM3_PROFILE_KEY, encodeProfileRecord(account.signed));
  });
  beforeEach(() => {
    for (const node of world.nodes) node.bend = () => false;
  });
  after(() => world.close());

  const stock = (which: 0 | 1) => {
    const { ensName, profile } = services.deliveryServices[which]!;
    return { name: ensName, profile: { ...profile, url: world.nodes[which].url } };
  };
  const through = (node: { name: string; profile: DeliveryServiceProfile }, who = account) =>
    canaryThrough(who, node, {
      fetcher: createGuardedFetcher({ allowLoopback: true }),
      nowMs: Date.now,
      rest: () => delay(20),
    });
  const kept = (which: 0 | 1) =>
    world.nodes[which].kept(checksumAddress(account.address).toLowerCase());
  const bend = (bent: (request: Request) => ((response: Response) => unknown) | null) => {
    world.nodes[0].bend = (request, response) => {
      const answer = bent(request);
      answer?.(response);
      return answer !== null;
    };
  };

  it("comes back through nodes of dm3's libraries, of either kind, again and again, and leaves nothing", async () => {
    for (const which of [0, 1, 0] as const) {
      expect(await through(stock(which))).to.equal(null);
      expect(kept(which)).to.have.length(0);
    }
  });

  it("comes back through our relay node, which asks ENS who it is", async () => {
    const chain: ChainServer = await serveChain();
    const own: ServedRelayNode = await serveRelayNode(OWN_NODE, chain, world.ens.ensRegistry);
    try {
      const record = await own.record();
      const profile = JSON.parse(record.slice(record.indexOf(",") + 1)) as DeliveryServiceProfile;
      for (let time = 0; time < 2; time++) {
        expect(await through({ name: OWN_NODE, profile })).to.equal(null);
      }
    } finally {
      await own.close();
      await chain.close();
    }
  });

  const is = (method: string, path: RegExp) => (request: Request) =>
    request.method === method && path.test(request.path);
  const lies: readonly [
    string,
    (request: Request) => boolean,
    (response: Response) => unknown,
    Finding["state"],
    RegExp,
  ][] = [
    [
      "accepts and drops it",
      is("POST", /^\/rpc/),
      (response) => response.send("OK"),
      "wrong",
      /accepts the canary's message, and does not deliver/,
    ],
    [
      "shows an empty mailbox",
      is("GET", /incoming/),
      (response) => response.json([]),
      "wrong",
      /does not deliver/,
    ],
    [
      "shows other messages",
      is("GET", /incoming/),
      (response) => response.json([{ message: "x" }, 7, null]),
      "wrong",
      /does not deliver/,
    ],
    [
      "makes no account",
      is("GET", /^\/auth/),
      (response) => response.sendStatus(404),
      "wrong",
      /does not let the canary in/,
    ],
    [
      "wants something else signed than a challenge",
      is("GET", /^\/auth/),
      (response) => response.json("I run the DM3 relay node evil.eth."),
      "wrong",
      /does not let the canary in/,
    ],
    [
      "refuses its token",
      is("GET", /incoming/),
      (response) => response.sendStatus(401),
      "wrong",
      /does not let the canary in/,
    ],
    [
      "refuses the message",
      is("POST", /^\/rpc/),
      (response) => response.status(400).json({ error: "no such receiver" }),
      "wrong",
      /refuses the canary's message/,
    ],
    [
      "is broken behind its properties",
      is("POST", /^\/rpc/),
      (response) => response.sendStatus(500),
      "unreachable",
      /did not take the canary's message/,
    ],
    [
      "answers with something else",
      is("GET", /incoming/),
      (response) => response.send("<html>"),
      "unreachable",
      /did not serve the canary/,
    ],
  ];
  for (const [what, when, answer, state, reason] of lies) {
    it(`says of a node that ${what}: ${state}`, async () => {
      bend((request) => (when(request) ? answer : null));
      const finding = await through(stock(0));
      expect(finding?.state).to.equal(state);
      expect(finding?.reason).to.match(reason);
    });
  }

  it("says of a node with other keys than its profile that it refuses", async () => {
    const { name, profile } = stock(0);
    const { publicEncryptionKey } = stock(1).profile;
    const finding = await through({ name, profile: { ...profile, publicEncryptionKey } });
    expect(finding?.state).to.equal("wrong");
  });

  it("says nothing against a node that is busy, or whose mailbox strangers have filled", async () => {
    bend((request) =>
      is("POST", /^\/rpc/)(request) ? (response) => response.sendStatus(429) : null,
    );
    expect(await through(stock(0))).to.equal(null);
    const large = JSON.stringify([{ message: "x".repeat(5 * 1024 * 1024) }]);
    bend((request) =>
      is("GET", /incoming/)(request) ? (response) => response.type("json").send(large) : null,
    );
    expect(await through(stock(0))).to.equal(null);
  });

  it("takes away what is left from before", async () => {
    bend((request) => (is("GET", /incoming/)(request) ? (response) => response.json([]) : null));
    expect((await through(stock(0)))?.state).to.equal("wrong");
    expect(kept(0)).to.have.length(1);
    world.nodes[0].bend = () => false;
    expect(await through(stock(0))).to.equal(null);
    expect(kept(0)).to.have.length(0);
  });

  it("has its name show its profile, and changes nothing where it does", async () => {
    const http = await openTestService();
    try {
      const name = `canary.${DOMAIN}`;
      const own = await canaryAccount({ name, secrets: { walletKey: bytes(32, 0x78) } });
      await publishCanary(http.service, own, Date.now);
      const first = await http.v1("GET", `/names/${name}`);
      await publishCanary(http.service, own, Date.now);
      const second = await http.v1("GET", `/names/${name}`);
      expect(second.headers.get("etag")).to.equal(first.headers.get("etag"));
      expect(second.status).to.equal(200);
      const elsewhere = publishCanary(http.service, account, Date.now);
      await expectRejection(elsewhere, "NOT_FOUND", /NODE_CANARY_NAME/);
    } finally {
      await http.stop();
    }
  });
});
