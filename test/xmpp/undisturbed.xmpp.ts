/** What two users of the server get from one another is the same with a gateway at the server and without one, stanza for stanza. */
import { expect } from "chai";
import type { Element } from "ltx";
import { xml } from "../../src/xmpp/xml.js";
import { onBothServers } from "./bothServers.js";
import { openGateway } from "./gatewayScene.js";
import { eventually, newUser, signIn, type UserClient } from "./userClient.js";

const RECEIPTS = "urn:xmpp:receipts";
const ARCHIVE = "urn:xmpp:mam:2";

onBothServers("users of the server", (server) => {
  it("get the same messages, receipts, presence, errors and archive, whether the gateway is there or not", async () => {
    const without = await conversation("dave", "erin");
    const gateway = openGateway(server());
    await gateway.connected();
    const beside = await conversation("frank", "grace");
    expect(beside).to.deep.equal(without);
    expect(without).to.have.length.above(20);
    expect(gateway.happened.submitted).to.deep.equal([]);
    await gateway.network.stop();
    expect(await conversation("heidi", "ivan")).to.deep.equal(without);
  });

  /** What each of them got, in no order, with the same names and without what is random. */
  async function conversation(first: string, other: string): Promise<readonly string[]> {
    const got: string[] = [];
    const note = (who: string, stanzas: readonly Element[]) => {
      got.push(...stanzas.map((stanza) => `${who} got ${plain(stanza.toString())}`));
    };
    const plain = (text: string) =>
      text
        .replaceAll(first, "one")
        .replaceAll(other, "two")
        .replace(/ (?:stamp|ver|queryid)=(?:"[^"]*"|'[^']*')/g, "")
        .replace(/ id=(?:"(?!m\d")[^"]*"|'(?!m\d')[^']*')/g, "")
        .replace(/<(first|last)([^>]*)>[^<]*</g, "<$1$2><");
    const one = await newUser(server(), first);
    const two = await newUser(server(), other);
    const tell = (from: UserClient, to: string, id: string, ...children: Element[]) =>
      from.send(xml("message", { type: "chat", to, id }, ...children));
    const text = (words: string) => xml("body", {}, words);
    const comes = (at: UserClient, id: string) =>
      at.until((stanza) => stanza.attrs["id"] === id, `${id} at ${at.full}`);

    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      await from.send(xml("presence", { type: "subscribe", to: to.bare }));
      await to.until(({ attrs }) => attrs["type"] === "subscribe", "a request");
      await to.send(xml("presence", { type: "subscribed", to: from.bare }));
      await from.until(({ attrs }) => attrs["type"] === "subscribed", "an answer");
    }
    await tell(one, two.bare, "m1", text("Hello"), xml("request", { xmlns: RECEIPTS }));
    await comes(two, "m1");
    await tell(two, one.full, "m2", xml("received", { xmlns: RECEIPTS, id: "m1" }));
    await comes(one, "m2");
    const omemo = xml("encrypted", { xmlns: "eu.siacs.conversations.axolotl" }, "c2VjcmV0");
    await tell(two, one.bare, "m3", omemo, xml("store", { xmlns: "urn:xmpp:hints" }));
    await comes(one, "m3");
    await tell(one, `nobody@${server().domain}`, "m4", text("Is there anybody?"));
    await comes(one, "m4");
    await two.stop();
    await one.until(
      ({ attrs }) => attrs["type"] === "unavailable" && String(attrs["from"]) === two.full,
      "the end of the other's presence",
    );
    await tell(one, two.bare, "m5", text("While you were away"));
    const again = await signIn(server(), other, "phone");
    await comes(again, "m5");
    await tell(again, one.bare, "m6", text("I am back"));
    await comes(one, "m6");
    for (const [who, client] of [
      ["one", one],
      ["two", again],
    ] as const) {
      const before = client.received.length;
      const query = xml("query", { xmlns: ARCHIVE });
      const end = await client.ask(xml("iq", { type: "set" }, query));
      expect(end.attrs["type"]).to.equal("result");
      const page = () =>
        client.received.slice(before).filter((stanza) => stanza.getChild("result", ARCHIVE));
      await eventually(() => page().length >= 4, "the archive");
      note(`${who}, from the archive,`, page());
    }
    const live = ({ received }: UserClient) =>
      received.filter((stanza) => !stanza.getChild("result", ARCHIVE));
    note("one", live(one));
    note("two", live(two));
    note("two, back,", live(again));
    await Promise.all([one.stop(), again.stop()]);
    return got.sort();
  }
});
