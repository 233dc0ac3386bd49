/** Our own relay node passes every check. */
import { expect } from "chai";
import { examineRelayNode, verdictOf } from "../../src/conformance/examineRelayNode.js";
import { textOf } from "../doctor/diagnosis.js";
import { openRelayService, type RelayService } from "../http/relay/openRelayService.js";
import { examineWithAccounts } from "./nodeUnderTest.js";

describe("conformance: our own relay node", () => {
  let node: RelayService;

  before(async () => {
    node = await openRelayService();
  });
  after(() => node.stop());

  it("passes every check, with accounts", async function () {
    this.timeout(180_000);
    const lines = await examineWithAccounts(node.url);
    const others = lines.filter(({ status }) => status !== "passed");
    expect(textOf(others)).to.equal("");
    expect(lines).to.have.length.above(60);
    expect(verdictOf(lines)).to.equal("passed");
    expect(node.failures).to.deep.equal([]);
  });

  it("passes what can be seen without accounts; the rest says why it was left out", async () => {
    const lines = await examineRelayNode(node.url, { allowLoopback: true });
    const skipped = lines.filter(({ status }) => status === "skipped");
    expect(verdictOf(lines)).to.equal("passed");
    expect(skipped.map(({ id }) => id)).to.include.members(["record", "sign-in", "live-push"]);
    expect(lines.length - skipped.length).to.be.above(30);
  });
});
