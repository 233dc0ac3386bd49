/** What clients ask the gateway and DM3 users, and what stock clients get to read. */
import { expect } from "chai";
import type { Element } from "ltx";
import { SignpostError } from "../../src/errors.js";
import { DM3_NS, STANZA_ERRORS_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { onBothServers } from "./bothServers.js";
import { openGateway, type Scene, sha256Of } from "./gatewayScene.js";
import { told } from "./stanzas.js";
import { newUser, type UserClient } from "./userClient.js";

onBothServers("the gateway", (server) => {
  let gateway: Scene;
  let bob: UserClient;
  const host = () => server().componentDomain;
  const alice = () => `alice.eth@${host()}`;
  const ask = (type: string, to: string, query: Element) => bob.ask(xml("iq", { type, to }, query));
  const query = (xmlns: string, ...children: Element[]) => xml("query", { xmlns }, ...children);

  before(async () => {
    gateway = openGateway(server());
    await gateway.connected();
    bob = await newUser(server(), "bob");
  });
  after(async () => {
    await bob.stop();
    await gateway.network.stop();
  });

  it("tells what a client needs to link, links and unlinks", async () => {
    const greeting = await ask("get", host(), xml("gateway", { xmlns: DM3_NS }));
    expect(greeting.getChild("gateway", DM3_NS)!.attrs).to.include({
      "relay-node": "gateway.example.eth",
      name: "bob.users.example.eth",
      "size-limit": "100000",
    });
    const link = { name: "bob.users.example.eth", profile: { "<&": "ü" } };
    const linked = await ask("set", host(), xml("link", { xmlns: DM3_NS }, JSON.stringify(link)));
    expect(linked.getChild("link", DM3_NS)!.attrs["name"]).to.equal("bob.users.example.eth");
    expect(gateway.happened.links).to.deep.equal([link]);
    const unlinked = await ask("set", host(), xml("unlink", { xmlns: DM3_NS }));
    expect(unlinked.attrs["type"]).to.equal("result");
    expect(gateway.happened.unlinked).to.deep.equal([bob.bare]);
  });

  it("says why it does not link", async () => {
    const link = (text: string) => ask("set", host(), xml("link", { xmlns: DM3_NS }, text));
    expect(told(await link("{"))).to.equal("INVALID_REQUEST modify/not-acceptable");
    gateway.core.linked = () =>
      Promise.reject(new SignpostError("WRONG_SIGNER", "Signed by another wallet.", {}));
    const refused = await link("{}");
    expect(told(refused)).to.equal("WRONG_SIGNER modify/not-acceptable");
    const text = refused.getChild("error")!.getChildText("text", STANZA_ERRORS_NS);
    expect(text).to.equal("Signed by another wallet.");
  });

  it("answers service discovery, vCards, pings and versions", async () => {
    const info = async (to: string) =>
      (await ask("get", to, query("http://jabber.org/protocol/disco#info"))).getChild("query")!;
    const ofGateway = await info(host());
    expect(ofGateway.getChild("identity")!.attrs).to.include({ category: "gateway", type: "dm3" });
    expect(
      ofGateway.getChildren("feature").map(({ attrs }) => String(attrs["var"])),
    ).to.include.members([DM3_NS, "jabber:iq:register"]);
    const ofAlice = await info(alice());
    expect(ofAlice.getChild("identity")!.attrs).to.include({
      category: "account",
      name: "alice.eth",
    });
    const items = await ask("get", host(), query("http://jabber.org/protocol/disco#items"));
    expect(items.getChild("query")!.children).to.have.length(0);
    const card = await ask("get", alice(), xml("vCard", { xmlns: "vcard-temp" }));
    expect(card.getChild("vCard")!.getChildText("FN")).to.equal("alice.eth");
    const ping = await ask("get", alice(), xml("ping", { xmlns: "urn:xmpp:ping" }));
    expect(ping.attrs["type"]).to.equal("result");
    const version = await ask("get", host(), query("jabber:iq:version"));
    expect(version.getChild("query")!.getChildText("name")).to.equal("Signpost");
  });

  it("gives the address of a name that somebody types", async () => {
    const xmlns = "jabber:iq:gateway";
    const form = await ask("get", host(), query(xmlns));
    expect(form.getChild("query")!.getChildText("prompt")).to.equal("DM3 name");
    const addressOf = async (name: string) =>
      (await ask("set", host(), query(xmlns, xml("prompt", {}, name))))
        .getChild("query")
        ?.getChildText("jid");
    expect(await addressOf(" Alice.ETH ")).to.equal(alice());
    expect(await addressOf("jürgen.eth")).to.equal(`x-nlb3y4thmvxc4zluna@${host()}`);
    const none = await ask("set", host(), query(xmlns, xml("prompt", {}, "a_b c.eth")));
    expect(told(none)).to.equal("INVALID_NAME modify/not-acceptable");
  });

  it("can be registered with and left, as XEP-0077 has it", async () => {
    const form = await ask("get", host(), query("jabber:iq:register"));
    expect(form.getChild("query")!.getChildText("instructions")).to.match(/app for DM3/);
    const before = gateway.happened.unlinked.length;
    const left = await ask("set", host(), query("jabber:iq:register", xml("remove")));
    expect(left.attrs["type"]).to.equal("result");
    expect(gateway.happened.unlinked.slice(before)).to.deep.equal([bob.bare]);
  });

  it("answers what it does not know, and what is for nobody", async () => {
    const avatar = xml(
      "pubsub",
      { xmlns: "http://jabber.org/protocol/pubsub" },
      xml("items", { node: "urn:xmpp:avatar:metadata" }),
    );
    expect(told(await ask("get", alice(), avatar))).to.match(/cancel\/service-unavailable$/);
    const nobody = `alice_eth@${host()}`;
    expect(told(await ask("get", nobody, query("http://jabber.org/protocol/disco#info")))).to.equal(
      "NOT_FOUND cancel/item-not-found",
    );
    // a link is for the gateway itself
    expect(told(await ask("set", alice(), xml("unlink", { xmlns: DM3_NS })))).to.match(
      /service-unavailable$/,
    );
  });

  it("refuses what a person writes in a stock client, with a sentence, to the very client", async () => {
    const refusal = async (id: string, ...children: Element[]) => {
      await bob.send(xml("message", { type: "chat", to: alice(), id }, ...children));
      return await bob.until((one) => one.attrs["id"] === id, `an answer to ${id}`);
    };
    const answer = await refusal("t1", xml("body", {}, "Hello"));
    expect(answer.attrs).to.include({ type: "error", to: bob.full, from: alice() });
    expect(told(answer)).to.match(/modify\/not-acceptable$/);
    expect(answer.getChild("error")!.getChildText("text", STANZA_ERRORS_NS)).to.match(
      /^Your message was not sent\. alice\.eth takes messages from apps for DM3 alone/,
    );
    // encrypted by OMEMO, without a body
    const omemo = xml("encrypted", { xmlns: "eu.siacs.conversations.axolotl" });
    expect(told(await refusal("t2", omemo))).to.match(/not-acceptable$/);
    const uncanonical = `x-mfwgsy3ffzsxi2a@${host()}`;
    await bob.send(xml("message", { to: uncanonical, id: "t3" }, xml("body", {}, "Hello")));
    const third = await bob.until((one) => one.attrs["id"] === "t3", "an answer");
    expect(told(third)).to.equal("NOT_FOUND cancel/item-not-found");
  });

  it("says nothing to receipts, chat states and errors, envelopes in them included", async () => {
    const hash = sha256Of("x");
    const quiet = [
      xml("received", { xmlns: "urn:xmpp:receipts", id: "1" }),
      xml("composing", { xmlns: "http://jabber.org/protocol/chatstates" }),
    ];
    for (const child of quiet) {
      await bob.send(xml("message", { type: "chat", to: alice(), id: "quiet" }, child));
    }
    for (const child of [
      xml("body", {}, "returned"),
      xml("submit", { xmlns: DM3_NS, hash }, "x"),
      xml("accepted", { xmlns: DM3_NS, hash, number: "1" }),
    ]) {
      const condition = xml("service-unavailable", { xmlns: STANZA_ERRORS_NS });
      const error = xml("error", { type: "cancel" }, condition);
      await bob.send(xml("message", { type: "error", to: alice(), id: "quiet" }, child, error));
    }
    await bob.send(xml("message", { to: alice(), id: "last" }, xml("body", {}, "Hello")));
    await bob.until((one) => one.attrs["id"] === "last", "the answer to what came last");
    expect(bob.received.filter((one) => one.attrs["id"] === "quiet")).to.deep.equal([]);
    expect(gateway.happened.submitted).to.deep.equal([]);
    expect(gateway.happened.delivered).to.deep.equal([]);
    expect(gateway.happened.refused).to.deep.equal([]);
  });
});
