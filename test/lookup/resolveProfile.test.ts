import { text } from "node:stream/consumers";
import { expect } from "chai";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import { resolveProfile as resolveInBrowser } from "../../src/sdk/index.js";
import { type Eip1193Provider, resolveProfile } from "../../src/sdk/node.js";
import { latestTimestamp, MAX_VALIDITY_SEC } from "../contracts/deployment.js";
import { aliceAddress, people, signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../expectError.js";
import { type ChainServer, serveChain } from "./chainServer.js";
import { createEnsV2World } from "./ensV2World.js";
import { provider } from "./localEns.js";
import { deadUrl, serve } from "./loopbackServer.js";
import { expectAbsent, expectFound, expectUnreachable, expectUntrusted } from "./outcomes.js";
import {
  ALICE,
  aliceProfile,
  createScene,
  DOMAIN,
  PROFILE_KEY,
  RELAY,
  relayProfile,
  type Scene,
} from "./scene.js";
import { records } from "./signingGateway.js";

const JSON_TYPE = { "content-type": "application/json" };

describe("resolveProfile", () => {
  let scene: Scene;
  let chain: ChainServer;

  before(async () => {
    scene = await createScene();
    chain = await serveChain();
  });
  beforeEach(() => scene.reset());
  after(async () => {
    await scene.close();
    await chain.close();
  });

  describe("found", () => {
    it("brings the profile, its wallet, its relay node, and every check", async () => {
      const found = expectFound(await scene.resolveAlice());
      const { profile, signature } = signedByAlice(aliceProfile);
      expect(found).to.include({
        name: ALICE,
        address: people.alice.address,
        signature,
        source: "data",
        resolver: scene.resolverAddress,
      });
      expect(found.profile).to.deep.equal(profile);
      expect(found.relayNode?.profile).to.deep.equal(relayProfile);
      expect(found.relayNodes).to.deep.equal([found.relayNode]);
      expect(found.sentence).to.match(/signed by its wallet .* relay node is relay\.users/);
      expect(found.checks.map(({ check }) => check)).to.deep.equal([
        ...["ccip-lookup", "ccip-sender", "ccip-callback", "record-format", "name-address"],
        ...["ccip-lookup", "ccip-sender", "ccip-callback", "record-format"],
        ...["profile-record", "profile-format", "wallet-signature"],
      ]);
      expect(found.checks.map(({ passed }) => passed)).to.not.include(false);
    });

    it("is an outcome that survives JSON", async () => {
      const found = await scene.resolveAlice();
      expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
    });

    it("asks by GET with the lower-case sender where the template has {data}", async () => {
      expectFound(await scene.resolveAlice());
      const path = `GET /${scene.resolverAddress.toLowerCase()}/0x9061b923`;
      expect(scene.gateway.requests.every((request) => request.startsWith(path))).to.equal(true);
      expect(scene.gateway.requests).to.have.length(3);
    });

    it("asks by POST where the template has none", async () => {
      await scene.setUrls(`${scene.gateway.url}/lookup`);
      expectFound(await scene.resolveAlice());
      expect(new Set(scene.gateway.requests)).to.deep.equal(new Set(["POST /lookup"]));
    });

    it("normalises the name first", async () => {
      const found = expectFound(await resolveProfile("ALICE.Users.example.eth", scene.options));
      expect(found.name).to.equal(ALICE);
    });

    it("works over the URL of an RPC node, too", async () => {
      expectFound(await scene.resolveAlice({ rpc: chain.url }));
    });

    it("works with the browser's fetch, too", async () => {
      const overUrl = await resolveInBrowser(ALICE, { ...scene.options, rpc: chain.url });
      expect(overUrl).to.deep.equal(await scene.resolveAlice());
    });

    it("reads records that a resolver of before ENSIP-10 keeps on-chain", async () => {
      const { ens } = scene;
      await ens.setResolver("carol.eth", ens.publicResolver);
      await ens.setText("carol.eth", PROFILE_KEY, encodeProfileRecord(signedByAlice(aliceProfile)));
      await ens.setAddress("carol.eth", people.alice.address);
      const found = expectFound(await resolveProfile("carol.eth", scene.options));
      expect(found.resolver).to.equal(await ens.publicResolver.getAddress());
      expect(found.checks.map(({ check }) => check)).to.not.include("ccip-callback");
    });

    it("takes the first relay node that resolves, and tells of all", async () => {
      const deliveryServices = ["gone.users.example.eth", "nowhere.eth", RELAY];
      scene.publish(encodeProfileRecord(signedByAlice({ ...aliceProfile, deliveryServices })));
      const found = expectFound(await scene.resolveAlice());
      expect(found.relayNodes.map(({ name }) => name)).to.deep.equal(deliveryServices);
      expectAbsent(found.relayNodes[0]!, "no-record", /no relay node/);
      expectAbsent(found.relayNodes[1]!, "no-resolver", /no resolver/);
      expect(found.relayNode).to.equal(found.relayNodes[2]);
    });

    it("is found even when no relay node resolves, and says so", async () => {
      scene.names.delete(RELAY);
      const found = expectFound(await scene.resolveAlice());
      expect(found.relayNode).to.equal(null);
      expect(found.sentence).to.match(/none of its relay nodes \(relay\.users\.example\.eth\)/);
    });
  });

  describe("with options", () => {
    const deliveryServices = ["gone.users.example.eth", RELAY, "nowhere.eth"];

    it("looks up relay nodes until the first is found, none, or all", async () => {
      scene.publish(encodeProfileRecord(signedByAlice({ ...aliceProfile, deliveryServices })));
      const asked = async (relayNodes: "first" | "none" | "all") => {
        const found = expectFound(await scene.resolveAlice({ relayNodes }));
        return { found, names: found.relayNodes.map(({ name }) => name) };
      };
      const first = await asked("first");
      expect(first.names).to.deep.equal(deliveryServices.slice(0, 2));
      expect(first.found.relayNode?.name).to.equal(RELAY);
      const none = await asked("none");
      expect(none.names).to.deep.equal([]);
      expect(none.found.relayNode).to.equal(null);
      expect(none.found.sentence).to.match(/signed by its wallet 0x\w+\.$/);
      expect((await asked("all")).names).to.deep.equal(deliveryServices);
    });

    it("ends with the reason of a signal, at once and before it began", async () => {
      const silent: Eip1193Provider = { request: () => new Promise(() => undefined) };
      const controller = new AbortController();
      const reason = new Error("the page was left");
      const lookup = scene.resolveAlice({ rpc: silent, signal: controller.signal });
      controller.abort(reason);
      for (const aborted of [lookup, scene.resolveAlice({ signal: controller.signal })]) {
        expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
      }
    });

    it("says when the earliest of the gateway's answers expires, and nothing for records on-chain", async () => {
      const before = await latestTimestamp();
      const found = expectFound(await scene.resolveAlice());
      const expiresSec = Date.parse(found.expiresAt!) / 1000;
      expect(expiresSec).to.be.within(Number(before) + 60, Number(await latestTimestamp()) + 60);
      const { ens } = scene;
      await ens.setResolver("dave.eth", ens.publicResolver);
      await ens.setText("dave.eth", PROFILE_KEY, encodeProfileRecord(signedByAlice(aliceProfile)));
      await ens.setAddress("dave.eth", people.alice.address);
      const onChain = expectFound(await resolveProfile("dave.eth", scene.options));
      expect(onChain.expiresAt).to.equal(null);
    });

    it("asks an RPC node by its URL four times at the most", async () => {
      const sent: unknown[] = [];
      const counting = await serve((request, response) => {
        void (async () => {
          const body = await text(request);
          sent.push(JSON.parse(body));
          const answer = await fetch(chain.url, { method: "POST", body, headers: JSON_TYPE });
          response.writeHead(answer.status, JSON_TYPE).end(await answer.text());
        })();
      });
      const universalResolver = (await createEnsV2World(scene.ens)).universalResolverV1;
      const options = { rpc: counting.url, universalResolver, relayNodes: "none" } as const;
      expectFound(await scene.resolveAlice(options));
      await counting.close();
      expect(sent.length).to.be.at.most(4);
    });

    it("refuses options that make no sense", async () => {
      const relayNodes = "some" as "all";
      await expectRejection(
        scene.resolveAlice({ relayNodes }),
        "INVALID_REQUEST",
        /relayNodes is "some"/,
      );
    });
  });

  describe("on a chain that is behind", () => {
    /** The chain, telling that its newest block is this old. */
    const late = (ageSec: number): Eip1193Provider => ({
      request: async (args) => {
        if (args.method !== "eth_getBlockByNumber") return provider.request(args);
        const timestamp = `0x${(Math.floor(Date.now() / 1000) - ageSec).toString(16)}`;
        return { number: "0x1", timestamp };
      },
    });

    it("is unreachable, with how far, where that explains the refusal; and untrusted otherwise", async () => {
      const expires = (await latestTimestamp()) + MAX_VALIDITY_SEC + 500n;
      scene.gateway.handler = scene.honest({ signed: { expires } });
      const outcome = await scene.resolveAlice({ rpc: late(900) });
      expectUnreachable(outcome, /newest block is 90\d s old .* use a node that keeps up/);
      const little = await scene.resolveAlice({ rpc: late(60) });
      expectUntrusted(little, "answer-expiry", /later than/);
    });
  });

  describe("absent", () => {
    it("without a resolver anywhere above", async () => {
      const outcome = await resolveProfile("nobody.nowhere.eth", scene.options);
      expectAbsent(outcome, "no-resolver", /no resolver in ENS/);
    });

    it("below a resolver that answers for its own name only (ENSIP-10)", async () => {
      const { ens } = scene;
      await ens.setResolver("onchain.eth", ens.publicResolver);
      const outcome = await resolveProfile("sub.onchain.eth", scene.options);
      expectAbsent(outcome, "no-resolver", /no resolver/);
    });

    it("when the gateway signs an empty text", async () => {
      const outcome = await resolveProfile(`nobody.${DOMAIN}`, scene.options);
      expectAbsent(outcome, "no-record", /has published no DM3 profile/);
    });

    it("when the name has an address, but no profile", async () => {
      scene.names.set(ALICE, records({}, aliceAddress));
      expectAbsent(await scene.resolveAlice(), "no-record", /has published no DM3 profile/);
    });

    it("when the gateway signs that it does not know the function", async () => {
      const unsupported = `0x7b1c461b${"59d1d43c".padEnd(64, "0")}`;
      scene.gateway.handler = scene.honest({ signed: { result: unsupported } });
      expectAbsent(await scene.resolveAlice(), "no-record", /has published no DM3 profile/);
    });
  });

  describe("unreachable", () => {
    it("names the RPC node, not its URL", async () => {
      const rpc = `${await deadUrl()}/secret-key`;
      const outcome = expectUnreachable(await scene.resolveAlice({ rpc }), /ECONNREFUSED/);
      expect(outcome.unreachable[0]?.who).to.equal("RPC node");
      expect(JSON.stringify(outcome)).to.not.match(/secret-key/);
    });

    it("when the provider never answers", async () => {
      const silent: Eip1193Provider = { request: () => new Promise(() => undefined) };
      const outcome = await scene.resolveAlice({ rpc: silent, timeoutMs: 100 });
      expectUnreachable(outcome, /no answer came within 100 ms/);
    });

    it("when the RPC node has reached its quota, and attaches empty data as if it were a revert", async () => {
      const resolver = scene.resolverAddress.toLowerCase();
      const limited: Eip1193Provider = {
        request: async ({ method, params }) => {
          if ((params[0] as { to?: string }).to !== resolver) {
            return provider.request({ method, params });
          }
          // a library's error as it comes: nodes and wallets throw plain objects
          const error: object = { code: -32000, message: "quota", data: "0x" };
          throw error as Error;
        },
      };
      expectUnreachable(await scene.resolveAlice({ rpc: limited }), /quota|unknown reason/);
    });

    it("when the chain has no ENS registry there", async () => {
      const ensRegistry = people.bob.address;
      expectUnreachable(await scene.resolveAlice({ ensRegistry }), /has no ENS registry at 0x/);
    });

    it("when there is a profile, but the address cannot be found out", async () => {
      const honest = scene.honest();
      scene.gateway.handler = (request, response) => {
        if (request.url?.includes("3b3b57de") === true) response.writeHead(503).end();
        else honest(request, response);
      };
      expectUnreachable(await scene.resolveAlice(), /HTTP 503/);
    });
  });

  describe("untrusted", () => {
    it("when the name has a profile, but no address", async () => {
      scene.names.set(ALICE, { ...scene.names.get(ALICE)!, addresses: NO_RECORDS.addresses });
      expectUntrusted(
        await scene.resolveAlice(),
        "name-address",
        /profile but no Ethereum address/,
      );
    });

    it("when the name's address is another wallet's", async () => {
      const texts = scene.names.get(ALICE)!.texts;
      const bob = records({}, Uint8Array.from(Buffer.from(people.bob.address.slice(2), "hex")));
      scene.names.set(ALICE, { ...bob, texts });
      expectUntrusted(await scene.resolveAlice(), "wallet-signature", /not signed by the wallet/);
    });

    const bob = people.bob.profile;
    const flips = {
      publicEncryptionKey: { publicEncryptionKey: bob.publicEncryptionKey },
      publicSigningKey: { publicSigningKey: bob.publicSigningKey },
      deliveryServices: { deliveryServices: [`other.${DOMAIN}`] },
    };
    for (const [field, change] of Object.entries(flips)) {
      it(`when only ${field} was changed after signing`, async () => {
        const signed = signedByAlice(aliceProfile);
        const changed = { ...signed, profile: { ...signed.profile, ...change } };
        scene.publish(encodeProfileRecord(changed));
        expectUntrusted(await scene.resolveAlice(), "wallet-signature", /was changed afterwards/);
      });
    }

    it("when only the signature was changed", async () => {
      const { signature } = signedByAlice({ ...aliceProfile, deliveryServices: ["other.eth"] });
      scene.publish(encodeProfileRecord({ profile: aliceProfile, signature }));
      expectUntrusted(await scene.resolveAlice(), "wallet-signature", /not signed by the wallet/);
    });

    it("when the profile has a field more than DM3 knows", async () => {
      const json = JSON.stringify({ ...signedByAlice(aliceProfile), note: "hi" });
      scene.publish(`data:application/json,${json}`);
      expectUntrusted(await scene.resolveAlice(), "profile-format", /unknown field "note"/);
    });

    it("when the record holds no profile at all", async () => {
      scene.publish("hello");
      expectUntrusted(await scene.resolveAlice(), "profile-record", /not a DM3 profile/);
    });
  });

  describe("wrong input", () => {
    const call = (name: string, more: object = {}) =>
      resolveProfile(name, { ...scene.options, ...more });

    it("throws INVALID_NAME for names without normal form", async () => {
      await expectRejection(call("a b.eth"), "INVALID_NAME", /normal form/);
      await expectRejection(call(""), "INVALID_NAME", /empty/);
      await expectRejection(call(`${"a".repeat(256)}.eth`), "INVALID_NAME", /256 bytes/);
    });

    it("throws INVALID_REQUEST for options that make no sense", async () => {
      await expectRejection(call(ALICE, { timeoutMs: 0 }), "INVALID_REQUEST", /timeoutMs/);
      await expectRejection(call(ALICE, { timeoutMs: NaN }), "INVALID_REQUEST", /timeoutMs/);
      await expectRejection(call(ALICE, { rpc: "ws://x" }), "INVALID_REQUEST", /RPC URL/);
      await expectRejection(call(ALICE, { ensRegistry: "0x12" }), "INVALID_REQUEST", /address/);
    });

    it("lets a defect of the provider's caller surface as it is", async () => {
      const broken = { request: provider.request.bind(provider) };
      const fetcher = () => Promise.reject(new TypeError("a defect"));
      const outcome = call(ALICE, { rpc: broken, fetcher });
      const error: unknown = await outcome.catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(TypeError);
    });
  });
});
