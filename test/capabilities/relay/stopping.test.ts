import { expect } from "chai";
import { openRelayService } from "../../http/relay/openRelayService.js";

describe("capabilities/relay: stopping", function () {
  this.timeout(180_000);

  it("leaves nothing that would ask a database that was let go of", async () => {
    for (let start = 0; start < 5; start++) {
      const relay = await openRelayService();
      // its first round of retention has just begun
      await relay.stop();
      expect(relay.failures.map(({ message }) => message)).to.deep.equal([]);
    }
  });
});
