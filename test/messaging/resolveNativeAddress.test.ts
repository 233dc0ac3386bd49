import { expect } from "chai";
import { resolveNativeAddress as resolveInBrowser } from "../../src/sdk/index.js";
import { resolveNativeAddress } from "../../src/sdk/node.js";
import { expectRejection } from "../expectError.js";
import { answer, deadUrl } from "../lookup/loopbackServer.js";
import {
  BOB,
  NETWORK,
  networkRecord,
  networkSuite,
  nodeProfiles,
  NODES,
  PEOPLE,
} from "../lookup/networkScene.js";
import {
  expectAbsent,
  expectFound,
  expectUnreachable,
  expectUntrusted,
} from "../lookup/outcomes.js";
import { DOMAIN, RELAY, RELAY_KEY } from "../lookup/scene.js";
import { records } from "../lookup/signingGateway.js";

describe("messaging/resolveNativeAddress", () => {
  const suite = networkSuite();

  const resolve = (address = "bob@chat.example", network = NETWORK) =>
    resolveNativeAddress({ network, address }, suite.scene.options);

  it("finds name, verified profile, relay nodes in order, codecs and kind", async () => {
    const found = expectFound(await resolve("Bob@Chat.Example"));
    expect(found).to.include({ name: BOB, address: "bob@chat.example", kind: "gateway" });
    expect(found.codecs).to.deep.equal(["dm3"]);
    expect(found.relayNodes.map(({ name }) => name)).to.deep.equal(NODES);
    expect(found.profile.profile.deliveryServices).to.deep.equal(NODES);
    expect(found.network.record).to.deep.equal(networkRecord());
    expect(found.sentence).to.match(/Send to one\..*, then two\..*a messaging gateway, which/);
    const asked = { network: NETWORK, address: "bob@chat.example" };
    expect(await resolveInBrowser(asked, suite.scene.options)).to.deep.equal(found);
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
  });

  it("says of a bridge that it can read", async () => {
    suite.world.publishNetwork(networkRecord({ kind: "bridge", codecs: ["openpgp-mime", "dm3"] }));
    const found = expectFound(await resolve());
    expect(found).to.include({ kind: "bridge" });
    expect(found.codecs).to.deep.equal(["openpgp-mime", "dm3"]);
    expect(found.sentence).to.match(
      /a bridge, which holds the DM3 keys .* can read it, unless the app encrypts it by openpgp-mime\.$/,
    );
  });

  it("takes the profile's order, and those of its nodes alone that are of the network", async () => {
    suite.world.publishBob({}, [NODES[1], RELAY, NODES[0]]);
    const { relayNodes } = expectFound(await resolve());
    expect(relayNodes.map(({ name }) => name)).to.deep.equal([NODES[1], NODES[0]]);
  });

  it("gives the next node when one has other keys, or is gone", async () => {
    suite.world.publishNode(0, {}, nodeProfiles[1]);
    expect(expectFound(await resolve()).relayNodes.map(({ name }) => name)).to.deep.equal([
      NODES[1],
    ]);
  });

  it("finds people of all domains where the names say whose they are", async () => {
    suite.world.publishNetwork(networkRecord({ network: "mail", nativeDomain: null }));
    const name = `carol.mail.test.${PEOPLE}`;
    suite.scene.names.set(name, suite.scene.names.get(BOB)!);
    expect(expectFound(await resolve("carol@mail.test"))).to.include({ name });
  });

  it("is absent where the network is none", async () => {
    expectAbsent(await resolve(undefined, `no.${DOMAIN}`), "no-network", /no messaging gateway/);
  });

  it("is absent for another domain", async () => {
    expectAbsent(await resolve("bob@else.example"), "other-domain", /chat\.example alone/);
  });

  it("is absent for a DM3 user's address there, naming the user", async () => {
    const outcome = await resolve("alice.eth@dm3.chat.example");
    expectAbsent(outcome, "virtual", /Write to alice\.eth itself/);
    expect(outcome.name).to.equal("alice.eth");
    expectAbsent(await resolve("a_b@dm3.chat.example"), "no-rule", /no name leads to it/);
  });

  it("knows nobody by a DM3 user's address with the name of one of the network's own people", async () => {
    const outcome = await resolve(`${BOB}@dm3.chat.example`);
    expectAbsent(outcome, "no-rule", /no name leads to it/);
  });

  it("is absent without a profile", async () => {
    const outcome = await resolve("carol@chat.example");
    expectAbsent(outcome, "no-profile", /has no profile/);
    expect(outcome.name).to.equal(`carol.${PEOPLE}`);
  });

  it("is absent where nothing is carried there", async () => {
    suite.world.publishNetwork(networkRecord({ directions: "fromNetwork" }));
    expectAbsent(await resolve(), "one-way", /nothing can be sent/);
  });

  it("is absent where the profile names other nodes alone", async () => {
    suite.world.publishBob({}, [RELAY]);
    expectAbsent(await resolve(), "other-nodes", /does not arrive at bob@chat\.example/);
  });

  it("is absent for a protocol without a rule", async () => {
    suite.world.publishNetwork(networkRecord({ network: "matrix" }));
    expectAbsent(await resolve(), "no-rule", /joins matrix/);
  });

  it("is untrusted with a forged record, and with a profile that another wallet signed", async () => {
    suite.world.publishNetwork({ ...networkRecord(), virtualDomain: "dm3.evil.example" });
    expectUntrusted(await resolve(), "network-signature", /not signed by all/);
    suite.world.publishNetwork(networkRecord());
    const bob = suite.scene.names.get(BOB)!;
    const texts = Object.fromEntries(bob.texts);
    suite.scene.names.set(BOB, records(texts, new Uint8Array(20).fill(7)));
    expectUntrusted(await resolve(), "wallet-signature", /signed/);
  });

  it("is unreachable, not absent, when the only node of the profile cannot be asked", async () => {
    suite.world.publishNode(0, { [RELAY_KEY]: `${await deadUrl()}/?dm3Hash=0x${"00".repeat(32)}` });
    suite.world.publishBob({}, [NODES[0]]);
    expectUnreachable(await resolve(), /./);
    suite.scene.gateway.handler = answer("", { status: 502 });
    expectUnreachable(await resolve(), /HTTP 502/);
  });

  it("throws INVALID_REQUEST for what is no address", async () => {
    await expectRejection(resolve("bob"), "INVALID_REQUEST", /has no @/);
    await expectRejection(resolve("b b@chat.example"), "INVALID_REQUEST", /cannot be carried/);
  });
});
