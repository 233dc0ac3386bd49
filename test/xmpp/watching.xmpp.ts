/** Contacts: who watches whom, over restarts of the gateway and of the server, and the end of accounts. */
import { expect } from "chai";
import { xml } from "../../src/xmpp/xml.js";
import { onBothServers } from "./bothServers.js";
import { contactsInMemory, openGateway, type Scene } from "./gatewayScene.js";
import { eventually, newUser, signIn, type UserClient } from "./userClient.js";

onBothServers("contacts", (server) => {
  const contacts = contactsInMemory(3);
  let gateway: Scene;
  let bob: UserClient;
  const at = (name: string) => `${name}@${server().componentDomain}`;
  const presences = (user: UserClient, from: string) =>
    user.received.filter((one) => one.is("presence") && one.attrs["from"] === from);
  const lastPresence = (from: string) =>
    presences(bob, from)
      .map(({ attrs }) => String(attrs["type"] ?? "available"))
      .at(-1);
  const subscribe = (to: string) => bob.send(xml("presence", { to, type: "subscribe" }));

  before(async () => {
    gateway = openGateway(server(), { contacts });
    await gateway.connected();
    bob = await newUser(server(), "bob");
  });
  after(async () => {
    await bob.stop();
    await gateway.network.stop();
  });

  it("are accepted where the name has a profile, and shown with the name", async () => {
    await subscribe(at("alice.eth"));
    await subscribe(at("x-nlb3y4thmvxc4zluna"));
    const shown = await bob.until(
      (one) =>
        one.is("presence") &&
        one.attrs["from"] === at("x-nlb3y4thmvxc4zluna") &&
        one.attrs["type"] === undefined,
      "presence",
    );
    expect(shown.getChildText("status")).to.equal("jürgen.eth");
    expect(shown.getChildText("nick", "http://jabber.org/protocol/nick")).to.equal("jürgen.eth");
    const native = { localPart: "bob", domain: server().domain };
    expect(await contacts.contactsOf(native)).to.have.members(["alice.eth", "jürgen.eth"]);
  });

  it("are refused where nobody has the name, or it is no canonical address, or there are too many", async () => {
    await subscribe(at("nobody.eth"));
    await eventually(() => lastPresence(at("nobody.eth")) === "unsubscribed", "a refusal");
    await subscribe(at("x-mfwgsy3ffzsxi2a"));
    await subscribe(at("carol.eth"));
    await subscribe(at("dave.eth"));
    await eventually(() => lastPresence(at("dave.eth")) === "unsubscribed", "a refusal");
    await eventually(() => lastPresence(at("carol.eth")) === "available", "presence");
    const native = { localPart: "bob", domain: server().domain };
    expect(await contacts.contactsOf(native)).to.have.members([
      "alice.eth",
      "jürgen.eth",
      "carol.eth",
    ]);
  });

  it("go when the gateway is stopped, and come back with a new one", async () => {
    await gateway.network.stop();
    await eventually(() => lastPresence(at("alice.eth")) === "unavailable", "a goodbye");
    await eventually(() => lastPresence(at("carol.eth")) === "unavailable", "a goodbye");
    gateway = openGateway(server(), { contacts });
    await eventually(() => lastPresence(at("alice.eth")) === "available", "presence");
    await eventually(() => lastPresence(at("carol.eth")) === "available", "presence");
  });

  it("are shown to whoever signs in, also when the gateway has lost them", async () => {
    const native = { localPart: "bob", domain: server().domain };
    await contacts.removeContactsOf(native);
    const laptop = await signIn(server(), "bob", "laptop");
    await eventually(() => presences(laptop, at("alice.eth")).length > 0, "presence");
    await laptop.stop();
    expect(await contacts.contactsOf(native)).to.include("alice.eth");
  });

  it("end with the subscription", async () => {
    await bob.send(xml("presence", { to: at("carol.eth"), type: "unsubscribe" }));
    const native = { localPart: "bob", domain: server().domain };
    await eventually(
      async () => !(await contacts.contactsOf(native)).includes("carol.eth" as never),
      "the end",
    );
    expect(gateway.happened.unlinked).to.deep.equal([]);
  });

  it("and the link end with the account", async () => {
    const eve = await newUser(server(), "eve");
    for (const to of [server().componentDomain, at("alice.eth")]) {
      await eve.send(xml("presence", { to, type: "subscribe" }));
      await eventually(
        () => presences(eve, to).some(({ attrs }) => attrs["type"] === undefined),
        "presence",
      );
    }
    await eve.removeAccount();
    await eventually(() => gateway.happened.unlinked.includes(eve.bare), "the end of the link");
    const native = { localPart: "eve", domain: server().domain };
    await eventually(
      async () => (await contacts.contactsOf(native)).length === 0,
      "the end of contacts",
    );
  });
});
