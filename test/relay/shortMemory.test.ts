import { expect } from "chai";
import { shortMemory } from "../../src/relay/shortMemory.js";

describe("relay: short memory", () => {
  const clock = { nowMs: 1_000 };
  const open = () => shortMemory<string | null>(() => clock.nowMs, 100);

  it("reads once in its time, anew after it, and whenever the clock was set back", async () => {
    const memory = open();
    let reads = 0;
    const ask = () => memory.of("a", () => Promise.resolve(`value ${++reads}`));
    expect([await ask(), await ask()]).to.deep.equal(["value 1", "value 1"]);
    clock.nowMs += 100;
    expect(await ask()).to.equal("value 2");
    clock.nowMs -= 1;
    expect(await ask()).to.equal("value 3");
  });

  it("does not remember that there is nothing, nor a failure", async () => {
    const memory = open();
    const answers = [null, "now"];
    const ask = () => memory.of("a", () => Promise.resolve(answers.shift() ?? null));
    expect([await ask(), await ask(), await ask()]).to.deep.equal([null, "now", "now"]);
    const failing = memory.of("b", () => Promise.reject(new Error("away")));
    await failing.catch(() => undefined);
    expect(await memory.of("b", () => Promise.resolve("there"))).to.equal("there");
  });

  it("forgets at once what was changed, also what was being read then", async () => {
    const memory = open();
    let answer: (value: string) => void = () => undefined;
    const slow = memory.of("a", () => new Promise((resolve) => (answer = resolve)));
    memory.clear();
    answer("before");
    expect(await slow).to.equal("before");
    expect(await memory.of("a", () => Promise.resolve("after"))).to.equal("after");
    memory.clear();
    expect(await memory.of("a", () => Promise.resolve("anew"))).to.equal("anew");
  });
});
