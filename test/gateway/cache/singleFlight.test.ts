import { expect } from "chai";
import { singleFlight } from "../../../src/gateway/cache/singleFlight.js";

describe("gateway/singleFlight", () => {
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
    const flights = singleFlight<number>(() => nowMs);
    const first = work();
    const results = [1, 2, 3].map(() => flights.join("a", first.begin));
    const other = flights.join("b", () => Promise.resolve(7));
    first.end(5);
    expect(await Promise.all([...results, other])).to.deep.equal([5, 5, 5, 7]);
    expect(begun).to.equal(1);
    await flights.join("a", first.begin);
    expect(begun).to.equal(2);
  });

  it("fails for all that wait, and for nobody who comes later", async () => {
    const flights = singleFlight<number>(() => nowMs);
    const first = work();
    const results = [1, 2].map(() => flights.join("a", first.begin));
    const defect = new Error("lost");
    first.fail(defect);
    for (const result of await Promise.allSettled(results)) {
      expect(result).to.deep.equal({ status: "rejected", reason: defect });
    }
    expect(await flights.join("a", () => Promise.resolve(1))).to.equal(1);
  });

  it("is not joined when it began a second ago, or before something was forgotten", async () => {
    const flights = singleFlight<number>(() => nowMs);
    const [first, second, third] = [work(), work(), work()];
    const asked = [flights.join("a", first.begin)];
    nowMs = 999;
    asked.push(flights.join("a", second.begin));
    nowMs = 1000;
    asked.push(flights.join("a", second.begin));
    flights.forget();
    asked.push(flights.join("a", third.begin));
    first.end(1);
    second.end(2);
    third.end(3);
    expect(await Promise.all(asked)).to.deep.equal([1, 1, 2, 3]);
  });

  it("is still joined when work that began before it ends", async () => {
    const flights = singleFlight<number>(() => nowMs);
    const [first, second] = [work(), work()];
    const asked = [flights.join("a", first.begin)];
    nowMs = 1000;
    asked.push(flights.join("a", second.begin));
    first.end(1);
    await asked[0];
    asked.push(flights.join("a", first.begin));
    second.end(2);
    expect(await Promise.all(asked)).to.deep.equal([1, 2, 2]);
  });

  it("still shares when hundreds of others came and went meanwhile", async () => {
    const flights = singleFlight<number>(() => nowMs);
    const first = work();
    const asked = [flights.join("a", first.begin)];
    for (let other = 0; other < 1000; other++) {
      await flights.join(`other ${other}`, () => Promise.resolve(0));
    }
    asked.push(flights.join("a", first.begin));
    expect(begun).to.equal(1);
    first.end(4);
    expect(await Promise.all(asked)).to.deep.equal([4, 4]);
  });
});
