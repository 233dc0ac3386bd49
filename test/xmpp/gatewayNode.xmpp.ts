/** The gateway's relay node is one like any other, and nobody writes through the gateway under a name of somebody else. */
import { expect } from "chai";
import { examineRelayNode, verdictOf } from "../../src/conformance/examineRelayNode.js";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { proxyEnvelopeOf } from "../../src/dm3/message/proxyEnvelope.js";
import { encodeMessage, openMessageKeys } from "../../src/sdk/messagesNode.js";
import { resolveProfile, resolveRelayNode } from "../../src/sdk/node.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { nodeAccount } from "../conformance/nodeAccount.js";
import { textOf } from "../doctor/diagnosis.js";
import { openMessenger } from "./relayNodeUser.js";
import { submitStanza } from "./stanzas.js";
import { eventually, has, signIn } from "./userClient.js";
import { ensOf, linked, LONG_MS, newPerson, openDevice } from "./wholeScene.js";

describe("the gateway's relay node", function () {
  this.timeout(LONG_MS);
  let world: XmppWorld;

  before(async () => {
    world = await startXmppWorld({
      ...{ kind: "prosody", databaseUrl: undefined },
      ...{ onStep: () => undefined, reportFailure: () => undefined },
    });
  });
  after(() => world.stop());

  /** A DM3 user whose relay node is the gateway's, without an account at the XMPP server. */
  const newAccount = (label: string) => nodeAccount(world.demo, world.gateway.name, label);

  it("passes every check of signpost node check, with accounts", async () => {
    const record = await resolveRelayNode(world.gateway.name, ensOf(world));
    const accounts = { sender: await newAccount("sender"), receiver: await newAccount("receiver") };
    const options = { accounts, record, allowLoopback: true };
    const lines = await examineRelayNode(world.gateway.url, options);
    expect(textOf(lines.filter(({ status }) => status !== "passed"))).to.equal("");
    expect(lines).to.have.length.above(60);
    expect(verdictOf(lines)).to.equal("passed");
  });

  it("links no account under a name of somebody else", async () => {
    const alice = world.demo.people[0]!.name;
    const eve = await newPerson(world.server, "eve", [world.gateway.name]);
    const device = await openDevice(world, eve, { resource: "phone", name: alice });
    const said = await device
      .messenger()
      .link()
      .then(
        () => "linked",
        (error: unknown) => error as { code: string; message: string },
      );
    expect(said).to.include({ code: "GATEWAY_REFUSED" });
    expect(said).to.have.property("message").that.includes(`${alice} does not lead to this wallet`);
    await device.logOut();
  });

  it("is refused an envelope that names another sender, and the one who submitted it is told", async () => {
    const [alice, , carol] = world.demo.people;
    const mallory = await newPerson(world.server, "mallory", [world.gateway.name]);
    const device = await openDevice(world, mallory, { resource: "phone" });
    await linked(device);
    const reader = await openMessenger(world, carol!);
    const receiver = await resolveProfile(carol!.name, { ...ensOf(world), relayNodes: "all" });
    if (receiver.status !== "found") throw new Error(receiver.sentence);
    const encoded = await encodeMessage(
      {
        type: "NEW",
        text: "I am Alice",
        from: alice!.name,
        to: carol!.name,
        timestampMs: Date.now(),
      },
      { keys: await openMessageKeys(mallory.profile.keys), receiver },
    );
    const text = JSON.stringify(proxyEnvelopeOf(encoded));
    const stock = await signIn(world.server, "mallory", "stock");
    const to = device.messenger().contactOf(carol!.name);
    await stock.send(submitStanza(to, "forged", text));
    await stock.until((one) => one.attrs["id"] === "forged" && has(one, "accepted"), "acceptance");
    const end = await stock.until((one) => has(one, "failed"), "the end");
    expect(end.getChild("failed", DM3_NS)!.attrs["reason"]).to.equal("wrong-key");
    await device.messenger().send(carol!.name, "I am Mallory");
    await eventually(() => reader.shown.length > 0, "what Mallory wrote");
    expect(reader.shown).to.deep.equal([
      { from: "mallory.chat.example.eth", text: "I am Mallory" },
    ]);
    await stock.send(xml("presence", { type: "unavailable" }));
    await Promise.all([stock.stop(), device.logOut(), reader.leave()]);
  });
});
