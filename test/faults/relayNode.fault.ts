/** `npm run soak -- --relay` in small: a kill -9 of the relay node, a stop of its Postgres, and connections that are cut. */
import { expect } from "chai";
import { FEW_FAULTS } from "../../scripts/soak/relay/faults.js";
import { runRelaySoak } from "../../scripts/soak/relay/relaySoak.js";

describe("faults: a relay node", function () {
  this.timeout(360_000);

  it("delivers every accepted message once, through a kill -9 and a stop of Postgres", async () => {
    const report = await runRelaySoak({
      // as many as a quick machine is still busy with when the faults come
      ...{ messages: 1_200, senders: 20, receivers: 5, faults: FEW_FAULTS },
      mostMs: { there: 1_500, away: 500 },
      onProgress: () => undefined,
    });
    const { missing, doubled, unasked, contradicted, defects } = report;
    expect({ missing, doubled, unasked, contradicted, defects }).to.deep.equal({
      ...{ missing: [], doubled: [], unasked: [], contradicted: [], defects: [] },
    });
    expect(report.accepted).to.equal(1_176);
    expect(report.refused).to.deep.equal({
      ...{ "no-account": 6, unwanted: 6, "too-large": 6, "wrong-key": 6 },
    });
    expect(report.faults).to.deep.equal({
      ...{ "node killed": 2, "Postgres stopped": 1, "Postgres killed": 0 },
    });
    expect(report.again.unreachable).to.be.above(0);
    expect(report.cuts).to.be.above(0);
    expect(report.isWell).to.equal(true);
  });
});
