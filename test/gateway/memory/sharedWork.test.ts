import { expect } from "chai";
import { sharedWork } from "../../../src/gateway/memory/sharedWork.js";

describe("gateway/sharedWork", () => {
  let nowMs: number;
  let begun: number;

  beforeEach(() => {
    nowMs = 0;
    begun = 0;
  });

  /** Work that ends when it is told to. */
  function work() {
    let end: (result: number) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const result = new Promise<number>((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
    const begin = () => {
      begun++;
      return result;
    };
    return { begin, end, fail };
  }

  it("is done once for all that come while it is under way, and again after that", async () => {
    const shared = sharedWork<number>(() => nowMs);
    const first = work();
    const results = [1, 2, 3].map(() => shared.join("a", first.begin));
    const other = shared.join("b", () => Promise.resolve(7));
    first.end(5);
    expect(await Promise.all([...results, other])).to.deep.equal([5, 5, 5, 7]);
    expect(begun).to.equal(1);
    await shared.join("a", first.begin);
    expect(begun).to.equal(2);
  });

  it("fails for all that wait, and for nobody who comes later", async () => {
    const shared = sharedWork<number>(() => nowMs);
    const first = work();
    const results = [1, 2].map(() => shared.join("a", first.begin));
    const defect = new Error("lost");
    first.fail(defect);
    for (const result of await Promise.allSettled(results)) {
      expect(result).to.deep.equal({ status: "rejected", reason: defect });
    }
    expect(await shared.join("a", () => Promise.resolve(1))).to.equal(1);
  });

  it("is not joined when it began a second ago, or before something was forgotten", async () => {
    const shared = sharedWork<number>(() => nowMs);
    const [first, second, third] = [work(), work(), work()];
    const asked = [shared.join("a", first.begin)];
    nowMs = 999;
    asked.push(shared.join("a", second.begin));
    nowMs = 1000;
    asked.push(shared.join("a", second.begin));
    shared.forget();
    asked.push(shared.join("a", third.begin));
    first.end(1);
    second.end(2);
    third.end(3);
    expect(await Promise.all(asked)).to.deep.equal([1, 1, 2, 3]);
  });

  it("still shares when hundreds of others came and went meanwhile", async () => {
    const shared = sharedWork<number>(() => nowMs);
    const first = work();
    const asked = [shared.join("a", first.begin)];
    for (let other = 0; other < 1000; other++) {
      await shared.join(`other ${other}`, () => Promise.resolve(0));
    }
    asked.push(shared.join("a", first.begin));
    expect(begun).to.equal(1);
    first.end(4);
    expect(await Promise.all(asked)).to.deep.equal([4, 4]);
  });
});
