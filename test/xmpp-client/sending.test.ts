/** What a messenger of an XMPP app submits, and when again. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { parseProxyEnvelope } from "../../src/dm3/message/proxyEnvelope.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import { HASTY, messengerScene, text } from "./messengerScene.js";
import { ALICE, carbon, GATEWAY, sha256, type Submitted, xml } from "./scriptedServer.js";

describe("the messenger for XMPP apps sends", () => {
  const scene = messengerScene();
  const { messenger, until, readByAlice } = scene;

  it("for all of the receiver's relay nodes in one proxy envelope, and says accepted when the gateway does", async () => {
    let submitted: Submitted | null = null;
    scene.server.onSubmit = (one) => (submitted = one);
    const bob = await messenger();
    const { id } = await bob.send("alice.eth", "Grüße 👋");
    await until(() => submitted !== null);
    const one = submitted as unknown as Submitted;
    expect(one.to).to.equal(ALICE);
    expect(one.hash).to.equal(sha256(one.envelope));
    expect(one.envelope).to.match(/^[ -~]*$/);
    const relayNodes = people.alice.profile.deliveryServices;
    expect(
      parseProxyEnvelope(one.envelope).envelopes.map(({ relayNode }) => relayNode),
    ).to.deep.equal(relayNodes);
    const read = await readByAlice(one);
    expect(read).to.include({ from: "bob.eth", to: "alice.eth" });
    expect(read.content).to.deep.equal(text("Grüße 👋"));
    // a receipt of the server is no acceptance, nor is what somebody else says
    const accepted = xml("accepted", { xmlns: "urn:dm3:xmpp:1", hash: one.hash });
    const received = xml("received", { xmlns: "urn:xmpp:receipts", id: one.id });
    scene.server.push(xml("message", { from: ALICE, id: "r" }, received));
    scene.server.push(xml("message", { from: "alice.eth@evil.example", id: one.id }, accepted));
    scene.server.push(xml("message", { from: `mallory.eth@${GATEWAY}`, id: one.id }, accepted));
    scene.server.push(carbon(xml("message", { from: ALICE, id: one.id }, accepted)));
    await delay(50);
    expect((await bob.outgoing())[0]).to.include({ state: null });
    scene.server.accept(one);
    expect(await bob.settled(id)).to.include({ state: "accepted", acceptedBy: "ds.example.eth" });
  });

  it("the same bytes again, by the same stanza, until it hears that they are accepted", async () => {
    scene.server.onSubmit = () => undefined;
    const bob = await messenger({ answerMs: 50 });
    const { id } = await bob.send("alice.eth", "lost");
    await until(() => scene.server.submissions().length > 2);
    scene.server.onSubmit = (one) => {
      scene.server.accept(one);
    };
    expect(await bob.settled(id)).to.include({ state: "accepted" });
    expect(new Set(scene.server.submissions().map((one) => JSON.stringify(one))).size).to.equal(1);
  });

  it("the same bytes after a crash between submission and acceptance", async () => {
    scene.server.onSubmit = () => undefined;
    const bob = await messenger();
    const { id } = await bob.send("alice.eth", "crash");
    await until(() => scene.server.submissions().length === 1);
    await bob.stop();
    scene.server.onSubmit = (one) => {
      scene.server.accept(one);
    };
    const later = await messenger();
    expect(await later.settled(id)).to.include({ state: "accepted" });
    expect(new Set(scene.server.submissions().map((one) => JSON.stringify(one))).size).to.equal(1);
  });

  it("again as soon as the connection is back, however long the pause was to be", async () => {
    scene.server.onSubmit = (one) => {
      scene.server.refuse(one, "remote-server-timeout");
    };
    const slow = { unreachableFirstMs: 600_000, unreachableMostMs: 600_000 };
    const bob = await messenger({ patience: { ...HASTY, ...slow } });
    const { id } = await bob.send("alice.eth", "back");
    await until(async () => (await bob.outgoing())[0]!.why?.sentence === "remote-server-timeout");
    scene.server.setOnline(false);
    const second = await bob.send("alice.eth", "while offline");
    await until(async () => /no connection/.test((await bob.outgoing())[1]!.why?.sentence ?? ""));
    scene.server.onSubmit = (one) => {
      scene.server.accept(one);
    };
    scene.server.setOnline(true);
    expect(await bob.settled(id)).to.include({ state: "accepted" });
    expect(await bob.settled(second.id)).to.include({ state: "accepted" });
    expect(scene.server.links.length, "linked again").to.be.at.least(2);
  });

  for (const condition of ["remote-server-timeout", "remote-server-not-found", "forbidden"]) {
    it(`again where a server answers ${condition} in the gateway's place`, async () => {
      let refusals = 0;
      scene.server.onSubmit = (one) => {
        if (refusals++ < 2) scene.server.refuse(one, condition);
        else scene.server.accept(one);
      };
      const bob = await messenger();
      const { id } = await bob.send("alice.eth", condition);
      expect(await bob.settled(id)).to.include({ state: "accepted" });
      expect(scene.server.submissions()).to.have.length(3);
    });
  }

  for (const [condition, code, reason] of [
    ["not-acceptable", "ENVELOPE_MALFORMED", "malformed"],
    ["policy-violation", "ENVELOPE_TOO_LARGE", "too-large"],
    ["item-not-found", "NOT_FOUND", "no-profile"],
  ] as const) {
    it(`not again what the gateway refuses by ${code}, which nobody else can do`, async () => {
      scene.server.onSubmit = (one) => {
        scene.server.refuse(one, "item-not-found", "NOT_FOUND", "alice.eth@evil.example");
        scene.server.refuse(one, "item-not-found", "NOT_FOUND", `mallory.eth@${GATEWAY}`);
        scene.server.refuse({ ...one, id: "another" }, "item-not-found", "NOT_FOUND");
        setTimeout(() => {
          scene.server.refuse(one, condition, code);
        }, 20);
      };
      const bob = await messenger();
      const { id } = await bob.send("alice.eth", "refused");
      const report = await bob.settled(id);
      expect(report).to.include({ state: "refused" });
      expect(report.why).to.include({ reason });
      expect(scene.server.submissions()).to.have.length(1);
    });
  }

  it("after a link, where the gateway does not know the account any more", async () => {
    let refusals = 0;
    scene.server.onSubmit = (one) => {
      if (refusals++ === 0) scene.server.refuse(one, "registration-required", "NOT_LINKED");
      else scene.server.accept(one);
    };
    const bob = await messenger();
    const { id } = await bob.send("alice.eth", "linked");
    expect(await bob.settled(id)).to.include({ state: "accepted" });
    expect(scene.server.links).to.have.length(2);
  });

  it("nothing that is larger than the gateway takes", async () => {
    scene.server.greeting = { ...scene.server.greeting, "size-limit": "2000" };
    const bob = await messenger();
    const { id } = await bob.send("alice.eth", "x".repeat(2_000));
    const report = await bob.settled(id);
    expect(report).to.include({ state: "refused" });
    expect(report.why).to.include({ reason: "too-large" });
    expect(scene.server.submissions()).to.deep.equal([]);
  });

  it("later to somebody who has no profile yet", async () => {
    const bob = await messenger();
    const { id } = await bob.send("nobody.eth", "are you there?");
    expect(await bob.settled(id)).to.include({ state: null, mark: "held" });
    expect(scene.server.submissions()).to.deep.equal([]);
    expect(await bob.withdraw(id)).to.equal(true);
  });

  it("believes an acceptance that comes late", async () => {
    scene.server.onSubmit = () => undefined;
    const slow = { unreachableFirstMs: 600_000, unreachableMostMs: 600_000 };
    const bob = await messenger({ answerMs: 50, patience: { ...HASTY, ...slow } });
    const { id } = await bob.send("alice.eth", "late");
    await until(async () => /no answer/.test((await bob.outgoing())[0]!.why?.sentence ?? ""));
    scene.server.accept(scene.server.submissions()[0]!);
    expect(await bob.settled(id)).to.include({ state: "accepted" });
  });
});
