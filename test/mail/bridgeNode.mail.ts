/** The bridge's relay node is one like any other. */
import { expect } from "chai";
import { examineRelayNode, verdictOf } from "../../src/conformance/examineRelayNode.js";
import type { MailWorld } from "../../src/demo/mailWorld.js";
import { resolveRelayNode } from "../../src/sdk/node.js";
import { nodeAccount } from "../conformance/nodeAccount.js";
import { textOf } from "../doctor/diagnosis.js";
import { ensOf, LONG_MS } from "../xmpp/wholeScene.js";
import { type BridgeScene, startBridgeScene } from "./bridgeScene.js";

describe("the bridge's relay node", function () {
  this.timeout(LONG_MS);
  let scene: BridgeScene;
  let world: MailWorld;

  before(async () => {
    scene = await startBridgeScene();
    ({ world } = scene);
  });
  after(async () => {
    await scene.stop();
  });

  /** A DM3 user whose relay node is the bridge's, and who has nothing to do with mail. */
  const newAccount = (label: string) => nodeAccount(world.demo, world.bridge.name, label);

  it("passes every check of signpost node check, with accounts", async () => {
    const record = await resolveRelayNode(world.bridge.name, ensOf(world));
    const accounts = { sender: await newAccount("sender"), receiver: await newAccount("receiver") };
    const options = { accounts, record, allowLoopback: true };
    const lines = await examineRelayNode(world.bridge.url, options);
    // its limit is for mail, and the check sends no bodies of 14 MB
    const tooLong = ["size-limit-enforced", "size-limit-kept", "body-limit"];
    const others = lines.filter(({ id, status }) => status !== "passed" && !tooLong.includes(id));
    expect(textOf(others)).to.equal("");
    expect(lines).to.have.length.above(60);
    expect(verdictOf(lines)).to.equal("passed");
    expect(scene.mailbox.mails.all).to.deep.equal([]);
  });
});
