/** What a messenger of an XMPP app shows of what comes from its server, and what not. */
import { expect } from "chai";
import type { IncomingMessage } from "../../src/sdk/xmppNode.js";
import { messengerScene, NO_RECEIPTS, problemsOf, text } from "./messengerScene.js";
import { ACCOUNT, ALICE, carbon, delivery, GATEWAY, sha256, xml } from "./scriptedServer.js";

describe("the messenger for XMPP apps receives", () => {
  const scene = messengerScene();
  const { messenger, reading, until, envelope, mark } = scene;

  it("one envelope live, as a carbon, from the archive and again from the gateway: once", async () => {
    const sent = delivery(await envelope("copies"));
    scene.server.archive.push({ id: "a1", message: sent });
    const bob = await reading(NO_RECEIPTS);
    scene.server.push(sent);
    scene.server.push(carbon(sent));
    scene.server.push(sent);
    // the same message, encrypted anew
    scene.texts = 0;
    scene.server.push(delivery(await envelope("copies")));
    expect(await mark(bob)).to.deep.equal([text("copies")]);
    expect(bob.problems).to.deep.equal([]);
  });

  it("tells the gateway when the app keeps it, and again for each copy that comes live after that", async () => {
    const bob = await reading(NO_RECEIPTS);
    const sent = await envelope("kept");
    scene.server.push(delivery(sent));
    await until(() => bob.shown.length === 1);
    expect(scene.server.told("accepted")).to.deep.equal([]);
    const told = { to: ALICE, hash: sha256(sent) };
    await bob.acknowledge(bob.shown[0]!);
    expect(scene.server.told("accepted")).to.deep.equal([told]);
    scene.server.push(carbon(delivery(sent)));
    scene.server.push(delivery(sent));
    await until(() => scene.server.told("accepted").length > 1);
    await mark(bob);
    expect(scene.server.told("accepted")).to.deep.equal([told, told]);
    const [accepted] = scene.server.sent.filter(
      ({ attrs }) => attrs["id"] === `accepted-${told.hash}`,
    );
    expect(JSON.stringify(accepted)).to.include('"number":"7"').and.include("no-copy");
  });

  it("accepts what was kept before a crash that came before the gateway was told", async () => {
    const bob = await reading(NO_RECEIPTS);
    const sent = await envelope("crash");
    scene.server.push(delivery(sent));
    await until(() => bob.shown.length === 1);
    // the connection is gone at the moment of the acceptance
    scene.server.setOnline(false);
    await bob.acknowledge(bob.shown[0]!);
    await bob.stop();
    expect(scene.server.told("accepted")).to.deep.equal([]);
    scene.server.setOnline(true);
    const later = await reading(NO_RECEIPTS);
    scene.server.push(delivery(sent));
    expect(await mark(later)).to.deep.equal([]);
    expect(scene.server.told("accepted")).to.deep.equal([{ to: ALICE, hash: sha256(sent) }]);
  });

  it("no message in an error, whatever stands in it", async () => {
    const bob = await reading();
    const sent = await envelope("bounced");
    scene.server.push(delivery(sent, { type: "error" }));
    scene.server.push(carbon(delivery(sent, { type: "error" })));
    expect(await mark(bob)).to.deep.equal([]);
  });

  it("no carbon that somebody else made up, and none of the archive", async () => {
    const bob = await reading();
    const sent = delivery(await envelope("forged"));
    for (const from of [
      "eve@chat.example",
      GATEWAY,
      ALICE,
      "chat.example",
      `${ACCOUNT}.evil.example`,
    ]) {
      scene.server.push(carbon(sent, from));
    }
    const forwardedIn = carbon(sent).children[0]!;
    const result = xml(
      "result",
      { xmlns: "urn:xmpp:mam:2", id: "x", queryid: "guessed" },
      forwardedIn,
    );
    scene.server.push(xml("message", { from: ACCOUNT }, result));
    scene.server.push(xml("message", { from: "eve@chat.example" }, result));
    expect(await mark(bob)).to.deep.equal([]);
    scene.server.push(carbon(sent));
    expect(await mark(bob)).to.deep.equal([text("forged")]);
  });

  it("nothing from another host than the gateway's", async () => {
    const bob = await reading();
    const sent = await envelope("foreign");
    const hosts = ["chat.example", "evil.example", `${GATEWAY}.evil.example`, "x.dm3.chat.example"];
    for (const host of hosts) scene.server.push(delivery(sent, { from: `alice.eth@${host}` }));
    scene.server.push(delivery(sent, { from: "eve@chat.example/dm3.chat.example" }));
    scene.server.push(delivery(sent, { from: GATEWAY }));
    expect(await mark(bob)).to.deep.equal([]);
    scene.server.push(delivery(sent));
    expect(await mark(bob)).to.deep.equal([text("foreign")]);
  });

  it("no envelope that is not the one of its hash, and says so", async () => {
    const bob = await reading();
    const sent = await envelope("hash");
    const whole = delivery(sent);
    const hash = `"hash":"${sha256(sent)}"`;
    const altered = JSON.parse(
      JSON.stringify(whole).replace(hash, `"hash":"${sha256("another")}"`),
    ) as typeof whole;
    scene.server.push(altered);
    expect(await mark(bob)).to.deep.equal([]);
    expect(problemsOf(bob)).to.deep.equal(["ENVELOPE_MALFORMED"]);
    expect(scene.server.told("accepted")).to.deep.equal([]);
  });

  it("what cannot be read is told to the app, and not accepted", async () => {
    const bob = await reading();
    const { message, metadata } = JSON.parse(await envelope()) as Record<string, object>;
    const other = JSON.stringify({
      message,
      metadata: { ...metadata, messageHash: `0x${"00".repeat(32)}` },
    });
    scene.server.push(delivery(other));
    scene.server.push(delivery("nonsense"));
    expect(await mark(bob)).to.deep.equal([]);
    expect(problemsOf(bob)).to.deep.equal(["WRONG_HASH", "ENVELOPE_MALFORMED"]);
    expect(bob.problems.map((one) => one.envelope)).to.deep.equal([other, "nonsense"]);
    expect(bob.problems[0]!.from).to.equal(ALICE);
    expect(scene.server.told("accepted")).to.deep.equal([]);
  });

  it("what is from somebody who cannot be looked up now, as soon as that can be", async () => {
    let isDown = true;
    const { rpc } = scene.world.options as { rpc: { request: (of: unknown) => Promise<unknown> } };
    const request = (of: unknown) => (isDown ? Promise.reject(new Error("down")) : rpc.request(of));
    const bob = await reading({ ...NO_RECEIPTS, rpc: { request } as never });
    scene.server.push(delivery(await envelope("later")));
    await until(() => problemsOf(bob).includes("UNREACHABLE"));
    isDown = false;
    await until(() => bob.shown.length === 1);
    expect(bob.shown[0]!.content).to.deep.equal(text("later"));
  });

  it("more than it can hold: what was left out is asked for again", async () => {
    const bob = await messenger(NO_RECEIPTS);
    const all: string[] = [];
    for (let index = 0; index < 5; index++) all.push(await envelope(`many ${index}`));
    const loop = bob.messages();
    const first = loop.next();
    await until(() => scene.server.order().includes("query"));
    // 600 of them wait at once, of which 500 may
    const flood = Array.from({ length: 600 }, (_, index) => all[Math.floor(index / 150)]!);
    for (const one of flood) scene.server.push(delivery(one));
    scene.server.archive.push({ id: "a1", message: delivery(all[4]!) });
    scene.server.push(delivery(all[4]!));
    const shown = [(await first).value, ...[]] as IncomingMessage[];
    for (let index = 1; index < 5; index++)
      shown.push((await loop.next()).value as IncomingMessage);
    const { content } = shown.at(-1)!;
    expect(content).to.deep.equal(text("many 4"));
    await loop.return();
  });
});
