import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { startRounds, startRoundsByPause } from "../../src/health/rounds.js";

describe("health/rounds", () => {
  it("begins at once, pauses as told, and never runs twice at a time", async () => {
    const pauses: number[] = [];
    let underWay = 0;
    let most = 0;
    let done = 0;
    const rounds = startRounds(
      async () => {
        most = Math.max(most, ++underWay);
        await delay(10);
        underWay--;
        done++;
      },
      (count) => {
        pauses.push(count);
        return 20;
      },
    );
    await rounds.first;
    expect(done).to.equal(1);
    // asked for meanwhile: one after another, without a pause
    await Promise.all([rounds.again(), rounds.again()]);
    expect(done).to.equal(3);
    await delay(150);
    void rounds.stop();
    const atStop = done;
    expect(atStop).to.be.within(5, 9);
    await delay(100);
    expect(done - atStop, "only the one under way").to.be.below(2);
    expect(most).to.equal(1);
    expect(pauses.slice(0, 4)).to.deep.equal([1, 2, 3, 4]);
  });

  it("begins none after it was stopped", async () => {
    let done = 0;
    const rounds = startRounds(
      () => {
        done++;
        return Promise.resolve();
      },
      () => 1,
    );
    await rounds.first;
    await rounds.stop();
    const atStop = done;
    await rounds.again();
    await delay(30);
    expect(done).to.equal(atStop);
  });

  it("has stopped when the one under way is done", async () => {
    let isDone = false;
    const rounds = startRounds(
      async () => {
        await delay(50);
        isDone = true;
      },
      () => 1,
    );
    await delay(5);
    await rounds.stop();
    expect(isDone).to.equal(true);
  });

  it("pauses before the first one where that is wanted, which can be asked for sooner", async () => {
    let done = 0;
    const pauses: number[] = [];
    const rounds = startRoundsByPause(
      () => {
        done++;
        return Promise.resolve();
      },
      (count) => {
        pauses.push(count);
        return count === 0 ? 60_000 : 1;
      },
    );
    await delay(30);
    expect(done).to.equal(0);
    await rounds.again();
    expect(done).to.equal(1);
    expect(pauses).to.deep.equal([0, 1]);
    await rounds.stop();
  });

  it("begins none where it was stopped before the first one", async () => {
    let done = 0;
    const rounds = startRoundsByPause(
      () => {
        done++;
        return Promise.resolve();
      },
      () => 10,
    );
    await rounds.stop();
    await delay(50);
    expect(done).to.equal(0);
  });
});
