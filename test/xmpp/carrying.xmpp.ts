/** Envelopes both ways between the gateway and a stock client. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import { DM3_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { onBothServers } from "./bothServers.js";
import { ALICE, deliveryTo, openGateway, type Scene, sha256Of } from "./gatewayScene.js";
import { submitStanza, SUBMITTED, told } from "./stanzas.js";
import { eventually, has, newUser, type UserClient } from "./userClient.js";

onBothServers("envelopes", (server) => {
  let gateway: Scene;
  let bob: UserClient;
  const alice = () => `alice.eth@${server().componentDomain}`;

  before(async () => {
    gateway = openGateway(server());
    await gateway.connected();
    bob = await newUser(server(), "bob");
  });
  after(async () => {
    await bob.stop();
    await gateway.network.stop();
  });

  it("arrive byte for byte, in their order, each with a body for stock clients", async () => {
    const deliveries = Array.from({ length: 50 }, (_, number) =>
      deliveryTo(bob.bare, number, 6_000),
    );
    await gateway.network.inject(deliveries);
    await eventually(() => bob.received.filter((one) => has(one, "envelope")).length >= 50, "all");
    const got = bob.received.filter((one) => has(one, "envelope"));
    for (const [index, stanza] of got.entries()) {
      const { envelope, hash, number } = deliveries[index]!;
      const carried = stanza.getChild("envelope", DM3_NS)!;
      expect(carried.getText()).to.equal(envelope);
      expect(carried.attrs).to.include({ hash, number: String(number) });
      expect(stanza.attrs).to.include({ type: "chat", from: alice(), id: `${number}-${hash}` });
      expect(stanza.getChildText("body")).to.match(/^alice\.eth sent you an encrypted message\./);
      expect(has(stanza, "request", "urn:xmpp:receipts")).to.equal(true);
    }
  });

  it("are delivered when the client says so, and not by a receipt", async () => {
    const [hash, number] = [sha256Of("x"), "7"];
    const to = alice();
    await bob.send(
      xml(
        "message",
        { to, id: "r" },
        xml("received", { xmlns: "urn:xmpp:receipts", id: `7-${hash}` }),
      ),
    );
    await bob.send(
      xml("message", { to }, xml("accepted", { xmlns: DM3_NS, hash: "short", number })),
    );
    await bob.send(xml("message", { to }, xml("accepted", { xmlns: DM3_NS, hash, number })));
    await eventually(() => gateway.happened.delivered.length > 0, "a delivery");
    expect(gateway.happened.delivered).to.deep.equal([`${bob.bare} 7-${hash}`]);
  });

  it("of a user are submitted, and accepted to the client that sent them", async () => {
    await bob.send(submitStanza(alice(), "a1"));
    const answer = await bob.until((one) => has(one, "accepted"), "acceptance");
    expect(answer.attrs).to.include({ from: alice(), to: bob.full, id: "a1" });
    expect(answer.getChild("accepted", DM3_NS)!.attrs["hash"]).to.equal(sha256Of(SUBMITTED));
    const [submission] = gateway.happened.submitted;
    expect(submission).to.deep.equal({
      from: { localPart: "bob", domain: server().domain },
      to: ALICE,
      envelope: SUBMITTED,
      hash: sha256Of(SUBMITTED),
    });
  });

  it("are refused by code and condition, for each thing that is wrong", async () => {
    const count = gateway.happened.submitted.length;
    const refusal = async (to: string, id: string, hash?: string) => {
      await bob.send(submitStanza(to, id, SUBMITTED, hash));
      return told(await bob.until((one) => one.attrs["id"] === id, `an answer to ${id}`));
    };
    const at = server().componentDomain;
    expect(await refusal(alice(), "e1", "other")).to.equal(
      "ENVELOPE_MALFORMED modify/not-acceptable",
    );
    expect(await refusal(at, "e2")).to.equal("NOT_FOUND cancel/item-not-found");
    // the encoding of a name that needs none
    expect(await refusal(`x-mfwgsy3ffzsxi2a@${at}`, "e3")).to.equal(
      "NOT_FOUND cancel/item-not-found",
    );
    expect(gateway.happened.submitted).to.have.length(count);
    gateway.core.submitted = () =>
      Promise.reject(new SignpostError("NOT_LINKED", "Link first.", { address: bob.bare }));
    expect(await refusal(alice(), "e4")).to.equal("NOT_LINKED auth/registration-required");
    gateway.core.submitted = () =>
      Promise.reject(new SignpostError("DATABASE_UNAVAILABLE", "Down."));
    expect(await refusal(alice(), "e5")).to.equal(
      "DATABASE_UNAVAILABLE wait/internal-server-error",
    );
    gateway.core.submitted = () => Promise.reject(new Error("a defect"));
    expect(await refusal(alice(), "e6")).to.equal("INTERNAL wait/internal-server-error");
    expect(gateway.happened.reported.map(({ code }) => code)).to.deep.equal([
      "DATABASE_UNAVAILABLE",
      "INTERNAL",
    ]);
  });

  it("tell their end until the client has noted it", async () => {
    const hash = sha256Of(SUBMITTED);
    const sentence = "Nobody \u0000\u000b\ufffe\ud800has a profile.";
    await gateway.network.tell({
      ...{ to: { localPart: "bob", domain: server().domain }, receiver: ALICE },
      ...{ hash, reason: "no-profile", sentence },
    });
    const end = await bob.until((one) => has(one, "failed"), "the end");
    expect(end.attrs).to.include({ id: `end-${hash}`, from: alice(), type: "chat" });
    expect(end.getChild("failed", DM3_NS)!.getText()).to.equal("Nobody \ufffdhas a profile.");
    await bob.send(xml("message", { to: alice() }, xml("noted", { xmlns: DM3_NS, hash })));
    await eventually(() => gateway.happened.endNoted.length > 0, "the note");
    expect(gateway.happened.endNoted).to.deep.equal([`${bob.bare} ${hash}`]);
    expect(gateway.happened.disconnected).to.equal(0);
  });
});
