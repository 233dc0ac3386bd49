import { expect } from "chai";
import { timeSlices } from "../../../src/http/fairness/timeSlices.js";

describe("http/fairness/timeSlices", () => {
  /** Ten pieces of work of 1 ms each, between which it pauses; tells in which turn of the loop each was done. */
  async function work(
    pause: () => Promise<void>,
    clock: { nowMs: number },
    turns: number[],
    loop: { turn: number },
  ) {
    for (let piece = 0; piece < 10; piece++) {
      await pause();
      clock.nowMs += 1;
      turns.push(loop.turn);
    }
  }

  function countTurns() {
    const loop = { turn: 0 };
    let isOn = true;
    const count = () => {
      loop.turn++;
      if (isOn) setImmediate(count);
    };
    setImmediate(count);
    return { loop, stop: () => (isOn = false) };
  }

  const most = (turns: readonly number[]) =>
    Math.max(...turns.map((turn) => turns.filter((other) => other === turn).length));

  it("lets one work for a slice of each turn", async () => {
    const clock = { nowMs: 0 };
    const { loop, stop } = countTurns();
    const turns: number[] = [];
    await work(timeSlices({ sliceMs: 4, nowMs: () => clock.nowMs }), clock, turns, loop);
    stop();
    expect(most(turns)).to.equal(4);
    expect(new Set(turns).size).to.equal(3);
  });

  it("lets several share one slice of each turn, and all of them come to an end", async () => {
    const clock = { nowMs: 0 };
    const { loop, stop } = countTurns();
    const pause = timeSlices({ sliceMs: 4, nowMs: () => clock.nowMs });
    const each: number[][] = [[], [], []];
    await Promise.all(each.map((turns) => work(pause, clock, turns, loop)));
    stop();
    // the last piece of a slice may be longer than what was left of it
    expect(most(each.flat())).to.be.at.most(5);
    for (const turns of each) expect(turns).to.have.length(10);
  });
});
