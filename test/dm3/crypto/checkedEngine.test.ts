import { expect } from "chai";
import { checkedEngine } from "../../../src/dm3/crypto/checkedEngine.js";
import { ENGINES } from "./engines.js";

describe("dm3/crypto/checkedEngine", () => {
  /** Whatever is asked, so that what is refused is refused by the checks. */
  const engine = checkedEngine({ ...ENGINES.noble, verify: () => true });
  const text = new Uint8Array(3);
  /** A point of the curve as good as any, and the neutral one. */
  const [point, neutral] = [new Uint8Array(32).fill(0x58), Uint8Array.of(1, ...new Uint8Array(31))];
  const signature = new Uint8Array(64).fill(0x58);

  it("passes on what looks right", async () => {
    expect(await engine.verify(point, text, signature)).to.equal(true);
  });

  it("verifies nothing under a key of small order", async () => {
    expect(await engine.verify(neutral, text, signature)).to.equal(false);
  });

  it("verifies no signature that begins with a point of small order", async () => {
    const weak = signature.slice();
    weak.set(neutral);
    expect(await engine.verify(point, text, weak)).to.equal(false);
  });
});
