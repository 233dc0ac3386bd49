import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { watchCanary } from "../../src/health/canaryWatch.js";

describe("health/canaryWatch", () => {
  it("tell the last outcome, and how long it was since a canary came back", async () => {
    let isWell = true;
    let nowMs = 1_000;
    let isTurn = true;
    let sent = 0;
    const watch = watchCanary({
      ...{ everyMs: 5, firstMs: 5, nowMs: () => nowMs },
      send: () => {
        sent++;
        if (!isTurn) return Promise.resolve(null);
        return Promise.resolve({ isWell, tookMs: 7, sentence: isWell ? "Well." : "Lost." });
      },
    });
    expect(watch.figures()).to.equal(null);
    expect(watch.warnings()).to.deep.equal([]);
    const another = async () => {
      const before = sent;
      while (sent < before + 2) await delay(2);
    };
    await another();
    expect(watch.figures()).to.deep.equal({ isWell: true, tookMs: 7, wellMs: 1_000 });
    isWell = false;
    nowMs = 5_000;
    await another();
    expect(watch.figures()).to.deep.equal({ isWell: false, tookMs: 7, wellMs: 1_000 });
    expect(watch.warnings()).to.deep.equal(["Lost."]);
    // another process sends them now
    isTurn = false;
    await another();
    expect(watch.figures()).to.equal(null);
    expect(watch.warnings()).to.deep.equal([]);
    await watch.stop();
    const last = sent;
    await delay(30);
    expect(sent).to.equal(last);
  });
});
