/** A relay node made of dm3's own libraries (npm 1.7.1): what it does, with what is known of it, and no more. */
import { expect } from "chai";
import { verdictOf } from "../../src/conformance/examineRelayNode.js";
import { createNodeWorld, type NodeWorld } from "../dm3-node/nodeWorld.js";
import { textOf } from "../doctor/diagnosis.js";
import { blemishesOf, examineWithAccounts } from "./nodeUnderTest.js";

/** Each of them is a line of what is known of the reference, or of what this node in a test leaves out. */
const KNOWN = [
  ...["sign-up-token", "challenge-once", "one-copy", "sender-verified", "signature-verified"],
  ...["hash-names", "served-hash", "sender-provable", "acknowledged-stays-gone", "submit-object"],
  ...["rpc-errors", "rpc-at-url", "profile-extension", "body-limit"],
];

describe("conformance: a relay node of dm3's libraries", () => {
  let world: NodeWorld;

  before(async function () {
    this.timeout(180_000);
    world = await createNodeWorld();
  });
  after(() => world.close());

  it("is told its known weaknesses, and nothing else", async function () {
    this.timeout(180_000);
    const [{ url }] = world.nodes;
    const lines = await examineWithAccounts(url);
    expect(blemishesOf(lines), textOf(lines)).to.have.members(KNOWN.map((id) => `${id} warning`));
    expect(verdictOf(lines)).to.equal("warnings");
    expect(textOf(lines)).not.to.match(/eyJ/);
  });
});
