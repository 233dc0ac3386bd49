import { expect } from "chai";
import { turns } from "../../../src/messaging/bridge/turns.js";

describe("messaging: turns of a bridge", () => {
  it("are one after the other for one receiver, and side by side for others", async () => {
    const inTurn = turns();
    const begun: string[] = [];
    let end: (value: string) => void = () => undefined;
    const first = inTurn("bob", () => {
      begun.push("first");
      return new Promise((resolve) => (end = resolve));
    });
    const work = (name: string) => () => Promise.resolve(void begun.push(name));
    const second = inTurn("bob", work("second"));
    await inTurn("carol", work("carol's"));
    expect(begun).to.deep.equal(["first", "carol's"]);
    end("");
    await Promise.all([first, second]);
    expect(begun).to.deep.equal(["first", "carol's", "second"]);
  });

  it("end with what fails: what waits behind it is not begun, and what comes later is", async () => {
    const inTurn = turns();
    let begun = 0;
    const failing = inTurn("bob", () => Promise.reject(new Error("cut")));
    const behind = inTurn("bob", () =>
      Promise.resolve().then(() => {
        begun++;
      }),
    );
    const reasons = await Promise.allSettled([failing, behind]);
    expect(reasons.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(begun).to.equal(0);
    await inTurn("bob", () =>
      Promise.resolve().then(() => {
        begun++;
      }),
    );
    expect(begun).to.equal(1);
  });

  it("wait for what fails, and are begun all the same where they say so", async () => {
    const inTurn = turns();
    const done: string[] = [];
    const failing = inTurn("a", async () => {
      await Promise.resolve();
      done.push("first");
      throw new Error("no");
    });
    const second = inTurn("a", () => Promise.resolve(void done.push("second")), "any");
    const ends = await Promise.allSettled([failing, second]);
    expect(ends.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled"]);
    expect(done).to.deep.equal(["first", "second"]);
  });
});
