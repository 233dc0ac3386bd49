import { expect } from "chai";
import { onceASecond } from "../../src/http/readiness.js";

describe("http/readiness", () => {
  it("is found out once a second, whoever asks how often", async () => {
    let nowMs = 0;
    let asked = 0;
    const readiness = onceASecond(
      () => Promise.resolve({ reasons: [String(++asked)], warnings: [] }),
      () => nowMs,
    );
    const reasons = async () => (await readiness()).reasons;
    expect(await Promise.all([reasons(), reasons(), reasons()])).to.deep.equal([
      ["1"],
      ["1"],
      ["1"],
    ]);
    nowMs = 999;
    expect(await reasons()).to.deep.equal(["1"]);
    nowMs = 1_000;
    expect(await reasons()).to.deep.equal(["2"]);
  });
});
