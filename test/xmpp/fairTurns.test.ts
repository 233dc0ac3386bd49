import { expect } from "chai";
import { fairTurns } from "../../src/xmpp/fairTurns.js";
import { rates } from "../../src/xmpp/rates.js";

describe("turns", () => {
  const settings = { atOnce: 2, atOnceOfOne: 1, mostBytes: 10_000, mostBytesOfOne: 5_000 };

  it("go around, each one's tasks in their order", async () => {
    const turns = fairTurns(settings);
    const done: string[] = [];
    const task = (what: string) => async () => {
      await Promise.resolve();
      done.push(what);
    };
    for (let count = 0; count < 5; count++) turns.add("eve", 0, task(`eve ${count}`));
    turns.add("bob", 0, task("bob 0"));
    turns.add("carol", 0, task("carol 0"));
    await turns.idle();
    expect(done.filter((what) => what.startsWith("eve"))).to.deep.equal(
      [0, 1, 2, 3, 4].map((count) => `eve ${count}`),
    );
    expect(done.indexOf("bob 0")).to.be.below(3);
    expect(done.indexOf("carol 0")).to.be.below(4);
  });

  it("run no more at a time than they may, of all and of one", async () => {
    const turns = fairTurns({ ...settings, atOnce: 3, atOnceOfOne: 2 });
    let [running, most] = [0, 0];
    const ends: (() => void)[] = [];
    const task = () =>
      new Promise<void>((resolve) => {
        most = Math.max(most, ++running);
        ends.push(() => {
          running--;
          resolve();
        });
      });
    for (let count = 0; count < 4; count++) turns.add("eve", 0, task);
    expect(running).to.equal(2);
    for (const who of ["bob", "carol"]) turns.add(who, 0, task);
    expect(running).to.equal(3);
    for (let count = 0; count < 6; count++) {
      ends.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await turns.idle();
    expect({ running, most }).to.deep.equal({ running: 0, most: 3 });
  });

  it("refuse what would wait beyond the bounds, and take it when there is room", async () => {
    const turns = fairTurns(settings);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    expect(turns.add("eve", 4_000, () => held)).to.equal(true);
    expect(turns.add("eve", 1_000, () => held)).to.equal(false);
    expect(turns.add("bob", 4_000, () => held)).to.equal(true);
    expect(turns.add("carol", 600, () => held)).to.equal(false);
    release();
    await turns.idle();
    expect(turns.add("eve", 4_000, () => Promise.resolve())).to.equal(true);
    await turns.idle();
  });
});

describe("rates", () => {
  it("are so many at once, and so many a second", () => {
    let now = 0;
    const of = rates({ atOnce: 3, perSec: 2 }, () => now);
    const taken = (who: string) =>
      Array.from({ length: 5 }, () => of.take(who)).filter(Boolean).length;
    expect(taken("eve")).to.equal(3);
    expect(taken("bob")).to.equal(3);
    now = 1_000;
    expect(taken("eve")).to.equal(2);
    now = 1_499;
    expect(taken("eve")).to.equal(0);
    now = 100_000;
    expect(taken("eve")).to.equal(3);
  });

  it("remember only so many", () => {
    const of = rates({ atOnce: 1, perSec: 0.001 }, () => 0);
    of.take("eve");
    for (let count = 0; count < 20_000; count++) of.take(`user-${count}`);
    expect(of.take("user-19999")).to.equal(false);
    expect(of.take("eve")).to.equal(true);
  });
});
