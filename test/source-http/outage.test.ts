import { expect } from "chai";
import { watchForOutage } from "../../src/source-http/outage.js";

describe("source-http/outage", () => {
  let nowMs: number;
  let outage: ReturnType<typeof watchForOutage>;

  beforeEach(() => {
    nowMs = 1_000_000;
    outage = watchForOutage(() => nowMs);
  });
  const miss = (count: number) => {
    for (let index = 0; index < count; index++) outage.missed("not reached");
  };

  it("begins with eight misses in a row", () => {
    miss(7);
    expect(outage.refusal()).to.equal(null);
    outage.missed("no complete answer in time");
    expect(outage.refusal()).to.equal("no complete answer in time");
  });

  it("does not begin while there are answers between them", () => {
    for (let round = 0; round < 10; round++) {
      miss(7);
      outage.answered();
    }
    expect(outage.refusal()).to.equal(null);
  });

  it("lets one ask every half second", () => {
    miss(8);
    nowMs += 499;
    expect(outage.refusal()).to.equal("not reached");
    nowMs += 1;
    expect([outage.refusal(), outage.refusal()]).to.deep.equal([null, "not reached"]);
    miss(1);
    nowMs += 499;
    expect(outage.refusal()).to.equal("not reached");
    nowMs += 1;
    expect([outage.refusal(), outage.refusal()]).to.deep.equal([null, "not reached"]);
  });

  it("ends with the first answer", () => {
    miss(20);
    nowMs += 500;
    expect(outage.refusal()).to.equal(null);
    outage.answered();
    expect([outage.refusal(), outage.refusal()]).to.deep.equal([null, null]);
    miss(7);
    expect(outage.refusal()).to.equal(null);
  });

  it("lets somebody ask when the clock was set back", () => {
    miss(8);
    nowMs -= 3_600_000;
    expect(outage.refusal()).to.equal(null);
  });
});
