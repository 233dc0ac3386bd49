import { expect } from "chai";
import type { NormalName } from "../../src/ens/normalize.js";
import { newcomers } from "../../src/messaging/newcomers.js";

const message = (after: number, number: number, length = 1) => ({
  ...{ number, after, senderName: "alice.eth" as NormalName, envelope: "x".repeat(length) },
});

describe("messaging: messages that were kept a moment ago", () => {
  const numbers = (taken: ReturnType<ReturnType<typeof newcomers>["takeBehind"]>) =>
    taken === "unknown" ? taken : taken.map(({ number }) => number);

  it("are taken once, in their order, from where the mailbox was read", () => {
    const kept = newcomers();
    for (const one of [message(5, 7), message(7, 8), message(8, 20)]) kept.note("a", one);
    kept.note("b", message(0, 3));
    expect(numbers(kept.takeBehind("a", 5, 2))).to.deep.equal([7, 8]);
    expect(numbers(kept.takeBehind("a", 8, 2))).to.deep.equal([20]);
    expect(numbers(kept.takeBehind("a", 20, 2))).to.deep.equal([]);
    expect(numbers(kept.takeBehind("b", 0, 2))).to.deep.equal([3]);
  });

  it("do not count where the mailbox was read since", () => {
    const kept = newcomers();
    for (const one of [message(5, 7), message(7, 8)]) kept.note("a", one);
    expect(numbers(kept.takeBehind("a", 7, 9))).to.deep.equal([8]);
    kept.note("a", message(7, 8));
    expect(numbers(kept.takeBehind("a", 8, 9))).to.deep.equal([]);
  });

  it("are taken once, also where one was noted twice", () => {
    const kept = newcomers();
    const given = [message(5, 7), message(5, 7), message(7, 7), message(7, 8), message(5, 7)];
    for (const one of given) kept.note("a", one);
    expect(numbers(kept.takeBehind("a", 5, 1))).to.deep.equal([7]);
    expect(numbers(kept.takeBehind("a", 7, 9))).to.deep.equal([8]);
    for (const one of [message(8, 9), message(8, 9), message(8, 9)]) kept.note("a", one);
    expect(numbers(kept.takeBehind("a", 8, 2))).to.deep.equal([9]);
    expect(numbers(kept.takeBehind("a", 9, 2)), "and all of them are forgotten").to.deep.equal([]);
  });

  it("are not enough where another process kept something in between", () => {
    const kept = newcomers();
    kept.note("a", message(6, 7));
    expect(numbers(kept.takeBehind("a", 5, 9))).to.equal("unknown");
    expect(numbers(kept.takeBehind("a", 5, 9)), "and are forgotten").to.deep.equal([]);
    for (const one of [message(5, 7), message(8, 9)]) kept.note("a", one);
    expect(numbers(kept.takeBehind("a", 5, 9))).to.deep.equal([7]);
    expect(numbers(kept.takeBehind("a", 7, 9))).to.equal("unknown");
  });

  it("are so many characters at most, of all together", () => {
    const kept = newcomers(10);
    expect(kept.note("a", message(0, 1, 6))).to.equal(true);
    expect(kept.note("b", message(0, 1, 5))).to.equal(false);
    expect(numbers(kept.takeBehind("a", 0, 9))).to.deep.equal([1]);
    expect(kept.note("b", message(0, 1, 10))).to.equal(true);
    kept.forget("b");
    expect(kept.note("a", message(1, 2, 10))).to.equal(true);
    kept.takeBehind("a", 0, 9);
    expect(kept.note("a", message(2, 3, 10)), "also after a gap").to.equal(true);
  });
});
