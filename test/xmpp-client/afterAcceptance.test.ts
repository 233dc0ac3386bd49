/** What becomes of a message that the gateway accepted. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { messengerScene, type Opened, text } from "./messengerScene.js";
import { ALICE, delivery, GATEWAY, sha256 } from "./scriptedServer.js";

describe("the messenger for XMPP apps, after the gateway accepted", () => {
  const scene = messengerScene();
  const { messenger, reading, until, envelope, mark, readByAlice } = scene;

  async function accepted(bob: Opened, content = "end"): Promise<string> {
    const { id } = await bob.send("alice.eth", content);
    expect(await bob.settled(id)).to.include({ state: "accepted" });
    return id;
  }
  const stateOf = async (bob: Opened, id: string) =>
    (await bob.outgoing()).find((one) => one.id === id);

  it("says why it could not be delivered, and that it knows, also when it is said again", async () => {
    const bob = await messenger();
    const id = await accepted(bob);
    const [submitted] = scene.server.submissions();
    for (const times of [1, 2]) {
      scene.server.fail(submitted!, "no-account");
      await until(() => scene.server.told("noted").length === times);
    }
    const report = await stateOf(bob, id);
    expect(report).to.include({ state: "refused" });
    expect(report!.why).to.deep.equal({
      reason: "no-account",
      sentence: "A sentence of the gateway.",
    });
    expect(scene.server.told("noted")[0]).to.deep.equal({ to: ALICE, hash: submitted!.hash });
  });

  it("says nothing of what another device submitted", async () => {
    const bob = await messenger();
    const id = await accepted(bob);
    const [submitted] = scene.server.submissions();
    scene.server.fail({ ...submitted!, hash: sha256("another device's") }, "no-account");
    scene.server.fail({ ...submitted!, to: `mallory.eth@${GATEWAY}` }, "no-account");
    scene.server.fail({ ...submitted!, to: "alice.eth@evil.example" }, "no-account");
    await delay(50);
    expect(scene.server.told("noted")).to.deep.equal([]);
    expect(await stateOf(bob, id)).to.include({ state: "accepted" });
  });

  it("seals anew and submits once where a key was wrong", async () => {
    const bob = await messenger();
    const id = await accepted(bob, "key");
    const [first] = scene.server.submissions();
    scene.server.fail(first!, "wrong-key");
    scene.server.fail(first!, "wrong-key");
    await until(
      () => scene.server.submissions().length === 2 && scene.server.told("noted").length === 2,
    );
    const [, second] = scene.server.submissions();
    expect(second!.hash).not.to.equal(first!.hash);
    const [before, after] = [await readByAlice(first!), await readByAlice(second!)];
    expect(after.content).to.deep.equal(text("key"));
    expect(after.messageHash, "the same message").to.equal(before.messageHash);
    expect(await stateOf(bob, id)).to.include({ state: "accepted" });
    expect(await bob.outgoing(), "one message for the app").to.have.length(1);
    scene.server.fail(second!, "wrong-key");
    await until(async () => (await stateOf(bob, id))!.state === "refused");
    expect((await stateOf(bob, id))!.why).to.include({ reason: "wrong-key" });
    expect(scene.server.submissions()).to.have.length(2);
    expect(new Set(bob.reports.map((one) => one.id))).to.deep.equal(new Set([id]));
  });

  it("says delivered when the receiver's app does, and keeps what was said no longer", async () => {
    const bob = await reading();
    const id = await accepted(bob, "a secret of Bob");
    const said = async () =>
      JSON.stringify(await scene.store.entries("")).includes("a secret of Bob");
    expect(await said()).to.equal(true);
    const { messageHash: reference } = (await stateOf(bob, id))!;
    // somebody else's receipt counts nothing; the receiver's does
    scene.server.push(
      delivery(await envelope("", { type: "READ_RECEIVED", reference: reference! })),
    );
    await until(async () => (await stateOf(bob, id))!.state === "delivered");
    await until(async () => !(await said()));
    scene.server.fail(scene.server.submissions()[0]!, "no-account");
    await until(() => scene.server.told("noted").length === 1);
    expect(await stateOf(bob, id)).to.include({ state: "delivered" });
  });

  it("sends a receipt for what the app keeps, once", async () => {
    const bob = await reading();
    const sent = delivery(await envelope("receipt"));
    scene.server.push(sent);
    await until(() => bob.shown.length === 1);
    const [message] = bob.shown;
    await bob.acknowledge(message!);
    await bob.acknowledge(message!);
    await until(() => scene.server.submissions().length === 1);
    const { content } = await readByAlice(scene.server.submissions()[0]!);
    expect(content).to.deep.equal({ type: "READ_RECEIVED", reference: message!.messageHash });
    await mark(bob);
    expect(scene.server.submissions()).to.have.length(1);
  });
});
