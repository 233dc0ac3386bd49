/** A messenger of an XMPP app, from its options to the archive. */
import { expect } from "chai";
import { assertLinkOf, parseAddressLink } from "../../src/dm3/statement/addressLink.js";
import { askXmppGateway } from "../../src/sdk/xmppNode.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { expectError, expectRejection } from "../expectError.js";
import { messengerScene, NO_RECEIPTS, problemsOf, text } from "./messengerScene.js";
import { ACCOUNT, ALICE, delivery, GATEWAY, xml } from "./scriptedServer.js";

describe("the messenger for XMPP apps, at the start", () => {
  const scene = messengerScene();
  const { messenger, reading, until, envelope, mark } = scene;

  it("asks the gateway for its relay node, and the name that it gives", async () => {
    const { connection } = scene.server;
    const asked = await askXmppGateway({ connection, gateway: GATEWAY, address: ACCOUNT });
    expect(asked).to.deep.equal({
      ...{ relayNode: "ds.example.eth", name: "bob.eth", sizeLimit: 100_000 },
    });
    scene.server.answers = () => false;
    const unanswered = askXmppGateway({
      ...{ connection, gateway: GATEWAY, address: ACCOUNT, answerMs: 20 },
    });
    await expectRejection(unanswered, "UNREACHABLE", /no answer came/);
  });

  it("links by a signature of the profile's key over address, name and relay node", async () => {
    const bob = await messenger();
    await until(() => scene.server.links.length === 1);
    expect(await bob.link()).to.deep.equal({ name: "bob.eth" });
    const [first, second] = scene.server.links.map((json) => parseAddressLink(json));
    assertLinkOf({ address: ACCOUNT, relayNode: "ds.example.eth" }, first!);
    assertLinkOf({ address: ACCOUNT, relayNode: "ds.example.eth" }, second!);
    expect(second).to.include({ name: "bob.eth", wallet: people.bob.address });
    expectError(
      () => {
        assertLinkOf({ address: "eve@chat.example", relayNode: "ds.example.eth" }, first!);
      },
      "WRONG_SIGNER",
      /not signed/,
    );
  });

  for (const [what, aheadSec] of [
    ["another device whose clock goes before", 300],
    ["a link that ended this second", 1],
  ] as const) {
    it(`signs at once with the time that the gateway asks for, after ${what}`, async () => {
      const notBefore = Math.floor(Date.now() / 1000) + aheadSec;
      scene.server.notBefore = () => notBefore;
      const bob = await messenger();
      await until(() => scene.server.links.length === 1);
      expect(scene.server.links[0]!.signedAtSec).to.equal(notBefore);
      assertLinkOf(
        { address: ACCOUNT, relayNode: "ds.example.eth" },
        parseAddressLink(scene.server.links[0]),
      );
      expect(bob.problems).to.deep.equal([]);
    });
  }

  it("signs for no time that is far ahead, and asks no second time at once", async () => {
    scene.server.notBefore = () => Math.floor(Date.now() / 1000) + 700;
    const bob = await messenger();
    await until(() => bob.problems.length === 1);
    expect(problemsOf(bob)).to.deep.equal(["GATEWAY_REFUSED"]);
    expect(scene.server.asked).to.have.length(1);
    // a gateway that always wants a later one gets two, and then none for a while
    scene.server.asked.length = 0;
    let times = 0;
    scene.server.notBefore = () => Math.floor(Date.now() / 1000) + 100 + ++times;
    await until(() => bob.problems.length === 2);
    expect(scene.server.asked).to.have.length(2);
  });

  it("turns carbons on, then shows presence, then reads the archive from where it stood", async () => {
    scene.server.archive.push({ id: "a1", message: delivery(await envelope("one")) });
    const bob = await reading(NO_RECEIPTS);
    const order = scene.server.order();
    const places = ["enable", "presence", "query"].map((step) => order.lastIndexOf(step));
    expect(places, order.join()).to.deep.equal([...places].sort((a, b) => a - b));
    await until(() => scene.server.order().includes("subscribe"));
    const subscribed = scene.server.sent.find(({ attrs }) => attrs["type"] === "subscribe");
    expect(subscribed?.attrs["to"]).to.equal("dm3.chat.example");
    await until(() => bob.shown.length === 1);
    await bob.acknowledge(bob.shown[0]!);
    await bob.stop();
    scene.server.sent.length = 0;
    await reading(NO_RECEIPTS);
    const query = scene.server.sent.find(
      ({ children: [of] }) => typeof of === "object" && of.name === "query",
    );
    expect(JSON.stringify(query)).to.include('"after","attrs":{},"children":["a1"]');
  });

  it("reads the archive page by page, beside what is none of DM3's", async () => {
    for (const id of ["a1", "a2", "a3", "a4", "a5"]) {
      const isNative = id === "a2";
      const native = xml(
        "message",
        { type: "chat", from: "eve@chat.example" },
        xml("body", {}, "hi"),
      );
      const message = isNative ? native : delivery(await envelope(id));
      scene.server.archive.push({ id, message });
    }
    const bob = await reading();
    await until(() => bob.shown.length === 4);
    expect(bob.shown.map(({ content }) => content)).to.deep.equal(
      ["a1", "a3", "a4", "a5"].map(text),
    );
  });

  it("reads again in the next loop what was not acknowledged, also where a later one was", async () => {
    for (const id of ["a1", "a2", "a3"]) {
      scene.server.archive.push({ id, message: delivery(await envelope(id)) });
    }
    const bob = await reading(NO_RECEIPTS);
    await until(() => bob.shown.length === 3);
    await bob.acknowledge(bob.shown[0]!);
    await bob.acknowledge(bob.shown[2]!);
    await bob.stop();
    const later = await reading(NO_RECEIPTS);
    expect(await mark(later)).to.deep.equal([text("a2")]);
  });

  it("knows contacts by their names", async () => {
    const bob = await messenger();
    expect(bob.contactOf("Alice.eth")).to.equal(ALICE);
    expect(bob.nameOfContact(`${ALICE}/any`)).to.equal("alice.eth");
    const jid = bob.contactOf("jürgen.eth");
    expect(jid).to.match(/^x-[a-z2-7]+@dm3\.chat\.example$/);
    expect(bob.nameOfContact(jid)).to.equal("jürgen.eth");
    for (const other of ["eve@chat.example", GATEWAY, `x-aaaa@${GATEWAY}`, ""]) {
      expect(bob.nameOfContact(other), other).to.equal(null);
    }
    expectError(() => bob.contactOf("bob@chat.example"), "INVALID_NAME", /an email address/);
  });

  it("says at once what is wrong with its options, and refuses a second loop", async () => {
    await expectRejection(messenger({ address: "bob" }), "INVALID_REQUEST", /has no @/);
    await expectRejection(messenger({ gateway: "a b" }), "INVALID_REQUEST", /no host name/);
    await expectRejection(messenger({ keys: {} as never }), "INVALID_REQUEST", /openMessageKeys/);
    const bob = await reading();
    await expectRejection(bob.messages().next(), "INVALID_REQUEST", /Another loop/);
  });

  it("tells why the gateway does not link, and tries again", async () => {
    scene.server.greeting = { "relay-node": "ds.example.eth", "size-limit": "100000" };
    const bob = await messenger();
    await until(() => bob.problems.length > 0);
    expect(problemsOf(bob)).to.deep.equal(["INVALID_REQUEST"]);
    expect(bob.problems[0]!.error.message).to.match(/gives this account no ENS name/);
    scene.server.greeting = { ...scene.server.greeting, name: "bob.eth" };
    await until(() => scene.server.links.length === 1);
  });
});
