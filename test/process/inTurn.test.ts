import { expect } from "chai";
import { inTurn } from "../../src/process/inTurn.js";

describe("process/inTurn", () => {
  it("does every step, reports each failure, and throws the first one at the end", async () => {
    const events: string[] = [];
    const step = (name: string) => () => Promise.resolve(void events.push(name));
    const failing = (name: string) => async () => {
      await step(name)();
      throw new Error(`${name} failed`);
    };
    const steps = [step("a"), failing("b"), step("c"), failing("d"), step("e")];
    const thrown = await inTurn(steps, (error) => events.push(String(error))).catch(String);
    expect(events).to.deep.equal(["a", "b", "Error: b failed", "c", "d", "Error: d failed", "e"]);
    expect(thrown).to.equal("Error: b failed");
  });

  it("begins each step when the one before it is done", async () => {
    const events: string[] = [];
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      events.push("slow");
    };
    await inTurn([slow, () => Promise.resolve(void events.push("quick"))]);
    expect(events).to.deep.equal(["slow", "quick"]);
  });
});
